using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace RemoteMcp.Tools.Shared;

/// <summary>
/// What a tool answers: text that a model reads well, and beside it the same as structured content for programs. (The
/// protocol suggests the JSON once more as text; a model pays for every token of it and reads it worse.)
/// </summary>
internal static class ToolResult
{
    /// <summary>How structured content is written: like the arguments, in snake_case; absent values are left out.</summary>
    public static JsonSerializerOptions Json { get; } = CreateJson();

    /// <summary>A successful answer.</summary>
    /// <param name="structured">The structured content, of the tool's output schema.</param>
    /// <param name="texts">One content block each.</param>
    public static CallToolResult Of<T>(T structured, params ReadOnlySpan<string> texts)
    {
        var result = new CallToolResult { Content = [], StructuredContent = JsonSerializer.SerializeToElement(structured, Json) };
        foreach (string text in texts)
        {
            result.Content.Add(new TextContentBlock { Text = text });
        }

        return result;
    }

    /// <summary>A failed answer that tells the model what to do about it.</summary>
    public static CallToolResult Error(string message) => new() { IsError = true, Content = [new TextContentBlock { Text = message }] };

    private static JsonSerializerOptions CreateJson()
    {
        var options = new JsonSerializerOptions(McpJsonUtilities.DefaultOptions) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
        options.MakeReadOnly();
        return options;
    }
}
