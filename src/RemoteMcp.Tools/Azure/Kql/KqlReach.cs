using ModelContextProtocol;

namespace RemoteMcp.Tools.Azure.Kql;

/// <summary>
/// Restricts the queries of <c>query_logs</c> to the data that they are meant for. Everything that leaves Azure Monitor (URLs, other
/// clusters, plugins that run code) is refused for all callers, because injected text could make a model write a query that sends data to
/// another place. If the server calls Azure with its own identity, other workspaces and resources are also refused, except
/// <c>workspace("GUID")</c> of a configured workspace. On behalf of the caller, the caller's own roles decide. Functions that are saved in
/// a workspace are not inspected, because anyone who is allowed to save functions there controls their content.
/// </summary>
internal static class KqlReach
{
    private const string Workspace = "workspace";

    private static readonly HashSet<string> s_outside = new(StringComparer.OrdinalIgnoreCase)
    {
        "adx", "cluster", "database", "externaldata", "external_data", "external_table", "http_request", "http_request_post",
        "sql_request", "mysql_request", "postgresql_request", "cosmosdb_sql_request", "azure_digital_twins_query_request",
    };

    private static readonly HashSet<string> s_elsewhere = new(StringComparer.OrdinalIgnoreCase) { Workspace, "app", "resource", "arg" };

    // The plugins of Azure Monitor that only compute, and do not fetch data.
    private static readonly HashSet<string> s_plugins = new(StringComparer.OrdinalIgnoreCase)
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
            CheckStart(tokens, i);
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

            if (s_outside.Contains(name))
            {
                throw new McpException($"query: {name}() reads data from outside of Azure Monitor, which query_logs does not allow. "
                    + "Remove it, and query the tables of the workspace.");
            }

            if (workspaces is not null && s_elsewhere.Contains(name) && !IsConfigured(name, tokens, next + 1, workspaces))
            {
                throw new McpException($"query: {name}() reaches beyond the workspaces that this server may query. Remove it. You can "
                    + "query these workspaces with the argument workspace or with "
                    + $"workspace(\"GUID\"): {string.Join(", ", workspaces)}.");
            }
        }
    }

    // `set` removes limits (notruncation, servertimeout), `alias` refers to other databases, and a dot starts a command.
    private static void CheckStart(List<KqlToken> tokens, int at)
    {
        var starts = at == 0 || tokens[at - 1].Is(';');
        if (starts && (tokens[at].Is('.') || tokens[at].IsName("set") || tokens[at].IsName("alias")))
        {
            throw new McpException($"query: statements that begin with '{tokens[at].Text}' are not allowed. Send only a query. The server "
                + "sets the limits.");
        }
    }

    private static void CheckPlugin(List<KqlToken> tokens, int at)
    {
        for (var i = at; i < tokens.Count && !tokens[i].Is('|') && !tokens[i].Is(';'); i++)
        {
            (var name, var next) = NameAt(tokens, i);
            if (name is null || next >= tokens.Count || !tokens[next].Is('('))
            {
                continue;
            }

            if (!s_plugins.Contains(name))
            {
                throw new McpException($"query: the plugin {SafeText.Quote(name)} is not allowed. Allowed plugins: "
                    + $"{string.Join(", ", s_plugins.Order(StringComparer.Ordinal))}.");
            }

            return;
        }
    }

    // A name can also be written in brackets: ['name'].
    private static (string? Name, int Next) NameAt(List<KqlToken> tokens, int at) => tokens[at] switch
    {
        { Kind: KqlKind.Name, Text: var name } => (name, at + 1),
        var open when open.Is('[') && at + 2 < tokens.Count && tokens[at + 1].Kind == KqlKind.String && tokens[at + 2].Is(']') =>
            (tokens[at + 1].Text, at + 3),
        _ => (null, at + 1),
    };

    private static bool IsConfigured(string name, List<KqlToken> tokens, int at, IReadOnlyCollection<string> workspaces) =>
        name == Workspace
            && at + 1 < tokens.Count
            && tokens[at].Kind == KqlKind.String
            && tokens[at + 1].Is(')')
            && workspaces.Contains(tokens[at].Text, StringComparer.OrdinalIgnoreCase);
}
