using ModelContextProtocol;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Azure;

/// <summary>Arguments that are ids in Azure's form, a GUID.</summary>
internal static class GuidArgument
{
    /// <exception cref="McpException">It is none.</exception>
    public static string Read(string argument, string? text, string where) => Guid.TryParseExact(text?.Trim(), "D", out Guid id)
        ? id.ToString("D")
        : throw new McpException($"{argument}: {SafeText.Quote(text ?? "null")} is no id. Give a GUID, {where}.");
}
