using ModelContextProtocol;

namespace RemoteMcp.Tools.Azure;

/// <summary>Parses arguments that are Azure ids in the form of a GUID.</summary>
internal static class GuidArgument
{
    /// <summary>Parses a GUID.</summary>
    /// <param name="argument">The name of the argument.</param>
    /// <param name="text">The value of the argument.</param>
    /// <param name="hint">The part of the error message that says where to find the id.</param>
    /// <exception cref="McpException">The text is not a GUID.</exception>
    public static string Read(string argument, string? text, string hint) => Guid.TryParseExact(text?.Trim(), "D", out var id)
        ? id.ToString("D")
        : throw new McpException($"{argument}: {SafeText.Quote(text ?? "null")} is not an id. Use a GUID, {hint}.");
}
