using ModelContextProtocol;

namespace RemoteMcp.Tools.Azure.Kql;

/// <summary>
/// Restricts which data the queries of <c>query_logs</c> can read. For all callers, it refuses everything outside of Azure Monitor (URLs,
/// other clusters, plugins that run code), because injected text could make a model write a query that sends data to another place. If the
/// server calls Azure with its own identity, it also refuses other workspaces and resources, except <c>workspace("GUID")</c> of a
/// configured workspace. If the server acts on behalf of the caller, the caller's own roles decide. Functions that are saved in a workspace
/// are not inspected: anyone who is allowed to save functions there controls their content.
/// </summary>
internal static class KqlRestrictions
{
    private const string Workspace = "workspace";

    // Functions and operators that read from outside of Azure Monitor.
    private static readonly HashSet<string> s_externalFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "adx", "cluster", "database", "externaldata", "external_data", "external_table", "http_request", "http_request_post",
        "sql_request", "mysql_request", "postgresql_request", "cosmosdb_sql_request", "azure_digital_twins_query_request",
    };

    // Functions that read other workspaces and resources of Azure Monitor.
    private static readonly HashSet<string> s_crossResourceFunctions =
        new(StringComparer.OrdinalIgnoreCase) { Workspace, "app", "resource", "arg" };

    // The plugins of Azure Monitor that only compute, and do not fetch data.
    private static readonly HashSet<string> s_allowedPlugins = new(StringComparer.OrdinalIgnoreCase)
    {
        "active_users_count", "activity_counts_metrics", "activity_engagement", "activity_metrics",
        "autocluster", "bag_unpack", "basket", "dcount_intersect",
        "diffpatterns", "diffpatterns_text", "funnel_sequence", "funnel_sequence_completion",
        "ipv4_lookup", "ipv6_lookup", "narrow", "new_activity_metrics", "pivot",
        "preview", "rolling_percentile", "rows_near", "schema_merge", "sequence_detect", "session_count", "sliding_window_counts",
    };

    /// <summary>Checks a query.</summary>
    /// <param name="query">The query, from <see cref="KqlQuery.Read"/>.</param>
    /// <param name="workspaces">The allowed workspaces, or <see langword="null"/> if the caller's roles decide.</param>
    /// <exception cref="McpException">The query accesses data that is not allowed.</exception>
    public static void Check(string query, IReadOnlyCollection<string>? workspaces)
    {
        var tokens = KqlScanner.Scan(query);
        for (var i = 0; i < tokens.Count; i++)
        {
            CheckStatementStart(tokens, i);
            if (tokens[i].IsName("evaluate"))
            {
                CheckPlugin(tokens, i + 1);
            }

            (var name, var next) = NameAt(tokens, i);
            if (name is null || next >= tokens.Count || !tokens[next].Is('('))
            {
                continue;
            }

            if (name.Contains('\\'))
            {
                throw new McpException($"query: the name {SafeText.Quote(name)} is written with an escape sequence. Write it without "
                    + "escape sequences, so that the server can check it.");
            }

            if (s_externalFunctions.Contains(name))
            {
                throw new McpException($"query: {name}() reads data from outside of Azure Monitor, which query_logs does not allow. "
                    + "Remove it, and query the tables of the workspace.");
            }

            if (workspaces is not null
                && s_crossResourceFunctions.Contains(name)
                && !IsConfiguredWorkspace(name, tokens, next + 1, workspaces))
            {
                throw new McpException($"query: {name}() reads data outside of the workspaces that this server may query. Remove it. You "
                    + "can query these workspaces with the argument workspace or with "
                    + $"workspace(\"GUID\"): {string.Join(", ", workspaces)}.");
            }
        }
    }

    // `set` removes limits (notruncation, servertimeout), `alias` refers to other databases, and a dot starts a command.
    private static void CheckStatementStart(List<KqlToken> tokens, int index)
    {
        var starts = index == 0 || tokens[index - 1].Is(';');
        if (starts && (tokens[index].Is('.') || tokens[index].IsName("set") || tokens[index].IsName("alias")))
        {
            throw new McpException($"query: statements that begin with '{tokens[index].Text}' are not allowed. Send only a query. The "
                + "server sets the limits.");
        }
    }

    private static void CheckPlugin(List<KqlToken> tokens, int index)
    {
        for (var i = index; i < tokens.Count && !tokens[i].Is('|') && !tokens[i].Is(';'); i++)
        {
            (var name, var next) = NameAt(tokens, i);
            if (name is null || next >= tokens.Count || !tokens[next].Is('('))
            {
                continue;
            }

            if (!s_allowedPlugins.Contains(name))
            {
                throw new McpException($"query: the plugin {SafeText.Quote(name)} is not allowed. Allowed plugins: "
                    + $"{string.Join(", ", s_allowedPlugins.Order(StringComparer.Ordinal))}.");
            }

            return;
        }
    }

    // Returns the name that starts at a token, or null, and the index of the token after it. Brackets can enclose a name: ['name'].
    private static (string? Name, int Next) NameAt(List<KqlToken> tokens, int index) => tokens[index] switch
    {
        { Kind: KqlTokenKind.Name, Text: var name } => (name, index + 1),
        var open when open.Is('[')
            && index + 2 < tokens.Count
            && tokens[index + 1].Kind == KqlTokenKind.String
            && tokens[index + 2].Is(']') => (tokens[index + 1].Text, index + 3),
        _ => (null, index + 1),
    };

    private static bool IsConfiguredWorkspace(string name, List<KqlToken> tokens, int index, IReadOnlyCollection<string> workspaces) =>
        name == Workspace
            && index + 1 < tokens.Count
            && tokens[index].Kind == KqlTokenKind.String
            && tokens[index + 1].Is(')')
            && workspaces.Contains(tokens[index].Text, StringComparer.OrdinalIgnoreCase);
}
