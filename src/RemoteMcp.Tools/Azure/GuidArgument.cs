using ModelContextProtocol;

namespace RemoteMcp.Tools.Azure;

/// <summary>Parses arguments that are Azure ids in the form of a GUID.</summary>
internal static class GuidArgument
{
    /// <exception cref="McpException">The text is not a GUID.</exception>
    public static string Read(string argument, string? text, string where) => Guid.TryParseExact(text?.Trim(), "D", out var id)
        ? id.ToString("D")
        : throw new McpException($"{argument}: {SafeText.Quote(text ?? "null")} is not an id. Use a GUID, {where}.");
}
