using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace RemoteMcp.ToolCalls;

/// <summary>
/// Creates tool results. A result has text that is easy for a model to read, and the same data as structured content for programs. The MCP
/// specification suggests that a tool also returns the JSON as text. These tools do not, because the JSON costs the model tokens and is
/// harder for it to read.
/// </summary>
public static class ToolResult
{
    /// <summary>
    /// Gets the serializer options for structured content: property names are in snake_case, like the arguments, and null values are
    /// omitted.
    /// </summary>
    public static JsonSerializerOptions Json { get; } = CreateJson();

    /// <summary>Creates a successful result.</summary>
    /// <param name="structured">The structured content. It matches the output schema of the tool.</param>
    /// <param name="texts">The texts. Each one becomes a content block.</param>
    /// <typeparam name="T">The type of the structured content.</typeparam>
    /// <returns>The result.</returns>
    public static CallToolResult Of<T>(T structured, params ReadOnlySpan<string> texts)
    {
        var result = new CallToolResult { Content = [], StructuredContent = JsonSerializer.SerializeToElement(structured, Json) };
        foreach (var text in texts)
        {
            result.Content.Add(new TextContentBlock { Text = text });
        }

        return result;
    }

    /// <summary>Creates an error result. The message tells the model how to correct the problem.</summary>
    /// <param name="message">The message. It names the argument, the limit, and the next step.</param>
    /// <returns>The result.</returns>
    public static CallToolResult Error(string message) => new() { IsError = true, Content = [new TextContentBlock { Text = message }] };

    private static JsonSerializerOptions CreateJson()
    {
        var options = new JsonSerializerOptions(McpJsonUtilities.DefaultOptions) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
        options.MakeReadOnly();
        return options;
    }
}
