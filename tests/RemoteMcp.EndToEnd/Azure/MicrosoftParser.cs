using System.Text.Json;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.Tools.Azure.Kql;
using Xunit;

namespace RemoteMcp.EndToEnd.Azure;

/// <summary>A call of a function or plugin.</summary>
internal sealed record ParsedCall(string Name, string Arguments);

/// <summary>The syntax of a query, as Microsoft's parser of the Kusto Query Language reads it.</summary>
internal sealed record ParsedQuery(
    IReadOnlyList<string> Errors, IReadOnlyList<string> Kinds, IReadOnlyList<ParsedCall> Calls, IReadOnlyList<string> Functions)
{
    // Azure refuses a query with a BadQueryOperator, which is a syntax error.
    private static readonly HashSet<string> s_operators =
    [
        "BadQueryOperator",
        "AsOperator", "CountOperator", "DistinctOperator", "EvaluateOperator", "ExtendOperator", "FilterOperator", "FindOperator",
        "GetSchemaOperator", "JoinOperator", "LookupOperator", "MakeSeriesOperator", "MvApplyOperator", "MvExpandOperator",
        "ParseKvOperator", "ParseOperator", "ParseWhereOperator", "PartitionOperator", "PrintOperator", "ProjectAwayOperator",
        "ProjectKeepOperator", "ProjectOperator", "ProjectRenameOperator", "ProjectReorderOperator", "RangeOperator", "ReduceByOperator",
        "RenderOperator", "SampleDistinctOperator", "SampleOperator", "SearchOperator", "SerializeOperator", "SortOperator",
        "SummarizeOperator", "TakeOperator", "TopHittersOperator", "TopNestedOperator", "TopOperator", "UnionOperator",
    ];

    // The beginnings of the kinds of expressions that read from another place, and of everything that is not a query.
    private static readonly string[] s_forbidden =
    [
        "Alias", "BadCommand", "Braced", "Code:", "Command", "Contextual", "Custom", "Directive", "EntityGroup", "External", "Inline",
        "MaterializedView", "PartialCommand", "Pattern", "QueryParameters", "Restrict", "SetOption", "StoredQueryResult", "UnknownCommand",
    ];

    /// <summary>Returns what the query does beyond reading and computing, in Microsoft's reading, or nothing.</summary>
    /// <param name="isAllowed">Returns whether the query may read another resource.</param>
    public IEnumerable<string> Violations(Func<ParsedCall, bool> isAllowed) =>
    [
        .. Kinds.Where(static kind => kind != "Code:Query"
            && !s_operators.Contains(kind)
            && (kind.EndsWith("Operator", StringComparison.Ordinal)
                || (kind.EndsWith("Statement", StringComparison.Ordinal) && kind is not ("LetStatement" or "ExpressionStatement"))
                || s_forbidden.Any(each => kind.StartsWith(each, StringComparison.Ordinal)))),
        .. Calls.Where(call => KqlFunctions.IsExternal(call.Name)
            || !(KqlFunctions.Allowed.Contains(call.Name)
                || KqlFunctions.Plugins.Contains(call.Name)
                || Functions.Contains(call.Name)
                || isAllowed(call))).Select(static call => call.Name + call.Arguments),
    ];
}

/// <summary>Runs Microsoft's parser of the Kusto Query Language, which is a package of npm.</summary>
internal static class MicrosoftParser
{
    /// <summary>Parses queries, and returns their syntax in the same order.</summary>
    public static async Task<IReadOnlyList<ParsedQuery>> ParseAsync(IReadOnlyCollection<string> queries)
    {
        var cancelled = TestContext.Current.CancellationToken;
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(queries), cancelled);
            var result = await NodeClient.RunAsync("kusto.mjs", [file], cancelled);
            Assert.True(result.ExitCode == 0, result.Error);
            ParsedQuery[] parsed =
            [
                .. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Select(static line => JsonSerializer.Deserialize<ParsedQuery>(line, JsonSerializerOptions.Web)!),
            ];
            Assert.Equal(queries.Count, parsed.Length);
            return parsed;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
