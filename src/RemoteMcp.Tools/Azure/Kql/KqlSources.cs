using ModelContextProtocol;

namespace RemoteMcp.Tools.Azure.Kql;

/// <summary>
/// Defines the data outside of the queried workspace that a query may read: <c>workspace("GUID").Table</c>, <c>app("name").Table</c>,
/// <c>resource("id").Table</c>, and <c>arg("").Table</c>. Data outside of Azure Monitor and Resource Graph is never allowed.
/// </summary>
internal sealed class KqlSources
{
    private const string Workspace = "workspace";
    private const string ResourceGraph = "arg";
    private const string Names = " ._-/()&,";

    private static readonly string[] s_crossResource = [Workspace, "app", "resource", ResourceGraph];

    private readonly string[]? _workspaces;

    private KqlSources(string[]? workspaces) => _workspaces = workspaces;

    /// <summary>Gets the sources of a query on behalf of the caller. The caller's own roles decide what Azure returns.</summary>
    public static KqlSources OfCaller { get; } = new(null);

    /// <summary>Gets the sources of a query that reads nothing else.</summary>
    public static KqlSources None { get; } = new([]);

    /// <summary>Returns the sources of a query with the server's own identity: the configured workspaces.</summary>
    public static KqlSources Of(IEnumerable<string> workspaces) => new([.. workspaces]);

    /// <summary>Returns whether a name is a function that reads another resource of Azure.</summary>
    public static bool IsCrossResource(string name) => s_crossResource.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Checks a reference to another resource.</summary>
    /// <param name="query">The query, for the position in the error.</param>
    /// <param name="name">The token of the function's name.</param>
    /// <param name="argument">The token of the only argument.</param>
    /// <exception cref="McpException">The query may not read this resource.</exception>
    public void Check(string query, KqlToken name, KqlToken argument)
    {
        var allowed = argument.IsPlainString && s_crossResource.Contains(name.Text) && (_workspaces is null
            ? IsIdentifier(argument.Text) || (name.Text == ResourceGraph && argument.Text.Length == 0)
            : name.Text == Workspace && _workspaces.Contains(argument.Text, StringComparer.OrdinalIgnoreCase));
        if (!allowed)
        {
            throw Refuse(query, name);
        }
    }

    /// <summary>Returns the error for a reference to another resource.</summary>
    public McpException Refuse(string query, KqlToken name) => KqlRefusal.At(query, name.Start, _workspaces switch
    {
        null => $"{name.Text} must have the form {name.Text.ToLowerInvariant()}(\"…\").Table, with the id or name in plain quotes.",
        [] => $"{name.Text}() reads data of other resources, which this query may not read. Remove it.",
        _ => $"{name.Text}() reads data outside of the workspaces that this server may query. Remove it. You can query these workspaces "
            + $"with the argument workspace or with workspace(\"GUID\").Table: {string.Join(", ", _workspaces)}.",
    });

    private static bool IsIdentifier(string text) =>
        text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || Names.Contains(c, StringComparison.Ordinal));
}
