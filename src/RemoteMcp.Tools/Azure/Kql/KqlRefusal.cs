using System.Globalization;
using ModelContextProtocol;

namespace RemoteMcp.Tools.Azure.Kql;

/// <summary>Creates the errors for queries that the grammar refuses. Each error has the position and the next step.</summary>
internal static class KqlRefusal
{
    /// <summary>Returns the error for a position of a query. Lines and columns begin with 1, and a column is a UTF-16 code unit.</summary>
    public static McpException At(string query, int position, string message)
    {
        var before = query.AsSpan(0, position);
        return new McpException(string.Create(
            CultureInfo.InvariantCulture,
            $"query: line {before.Count('\n') + 1}, column {position - before.LastIndexOf('\n')}: {message}"));
    }
}
