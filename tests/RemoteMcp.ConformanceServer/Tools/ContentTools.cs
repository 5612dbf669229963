using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.ConformanceServer.Tools;

/// <summary>One tool for each kind of content in a result.</summary>
internal sealed class ContentTools
{
    [McpServerTool(Name = "test_simple_text"), Description("Returns text.")]
    public static string SimpleText() => "This is a simple text response for testing.";

    [McpServerTool(Name = "test_image_content"), Description("Returns an image.")]
    public static ImageContentBlock Image() => Samples.Image;

    [McpServerTool(Name = "test_audio_content"), Description("Returns a sound.")]
    public static AudioContentBlock Audio() => AudioContentBlock.FromBytes(Samples.Wav, "audio/wav");

    [McpServerTool(Name = "test_embedded_resource"), Description("Returns a resource inside the result.")]
    public static EmbeddedResourceBlock EmbeddedResource() =>
        Embed("test://embedded-resource", "text/plain", "This is an embedded resource content.");

    [McpServerTool(Name = "test_multiple_content_types"), Description("Returns text, an image, and a resource.")]
    public static ContentBlock[] MultipleContentTypes() =>
    [
        new TextContentBlock { Text = "Multiple content types test:" },
        Samples.Image,
        Embed("test://mixed-content-resource", "application/json", """{"test":"data","value":123}"""),
    ];

    [McpServerTool(Name = "test_error_handling"), Description("Fails on purpose.")]
    public static CallToolResult Fail() => new()
    {
        IsError = true,
        Content = [new TextContentBlock { Text = "This tool intentionally returns an error for testing" }],
    };

    [McpServerTool(Name = "test_header_tool"), Description("Takes a parameter that clients repeat in a request header.")]
    public static string Header(
        [McpHeader("Region"), Description("The region, repeated in Mcp-Param-Region.")] string region,
        [Description("The query to run in that region.")] string query) => $"Executed in region {region}: {query}";

    private static EmbeddedResourceBlock Embed(string uri, string mimeType, string text) =>
        new() { Resource = new TextResourceContents { Uri = uri, MimeType = mimeType, Text = text } };
}
