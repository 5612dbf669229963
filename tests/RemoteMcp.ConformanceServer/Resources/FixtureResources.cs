using System.ComponentModel;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.ConformanceServer.Resources;

internal sealed class FixtureResources
{
    [McpServerResource(UriTemplate = "test://static-text", Name = "static-text", MimeType = "text/plain"), Description("A text.")]
    public static string Text() => "This is the content of the static text resource.";

    [McpServerResource(UriTemplate = "test://static-binary", Name = "static-binary", MimeType = "image/png"), Description("An image.")]
    public static BlobResourceContents Binary() => BlobResourceContents.FromBytes(Samples.Png, "test://static-binary", "image/png");

    [McpServerResource(UriTemplate = "test://template/{id}/data", Name = "template", MimeType = "application/json")]
    [Description("A resource for each id.")]
    public static string Template(string id) =>
        JsonSerializer.Serialize(new { id, templateTest = true, data = $"Data for ID: {id}" });

    [McpServerResource(UriTemplate = "test://watched-resource", Name = "watched-resource", MimeType = "text/plain")]
    [Description("A resource to subscribe to.")]
    public static string Watched() => "Watched resource content";
}
