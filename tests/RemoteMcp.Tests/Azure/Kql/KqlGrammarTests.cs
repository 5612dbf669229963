using ModelContextProtocol;
using RemoteMcp.Testing.Azure;
using RemoteMcp.Tools.Azure.Kql;
using Xunit;

namespace RemoteMcp.Tests.Azure.Kql;

/// <summary>Tests which queries the grammar allows, and what the error for another query says.</summary>
public sealed class KqlGrammarTests
{
    private const string Workspace = AzureSignIn.Workspace;

    private static readonly KqlSources s_own = KqlSources.Of([Workspace]);

    public static TheoryData<string> Usual => [.. KqlQueries.Logs, .. KqlQueries.Resources];

    public static TheoryData<string> Hostile => [.. KqlQueries.Hostile];

    [Theory]
    [MemberData(nameof(Usual))]
    public void Query_that_people_write_is_allowed_and_unchanged(string query)
    {
        Assert.Equal(query, KqlQuery.Read(query, s_own));
        Assert.Equal(query, KqlQuery.Read("\r\n \t" + query + "\r\n", KqlSources.OfCaller));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Query_that_reaches_other_resources_is_refused_with_its_position(string query)
    {
        Assert.StartsWith("query: line ", Refusal(query), StringComparison.Ordinal);
        Assert.StartsWith("query: line ", Refusal(query, KqlSources.None), StringComparison.Ordinal);
        Assert.StartsWith("query: line 2, column ", Refusal("// a comment\n" + query), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("T\n| take 1\n|  union adx('x').T", "line 3, column 10: adx() reads data from outside of Azure Monitor")]
    [InlineData("T | where a == b\u200b", "line 1, column 17: the query has the invisible character U+200B")]
    [InlineData("T | where größe == 1", "line 1, column 13: the character 'ö' is allowed only in strings and comments")]
    [InlineData("T | where a == \"\\d\"", "line 1, column 17: this is not an escape sequence of KQL")]
    [InlineData("T | where t > datetime('2026-01-31')", "line 1, column 24: datetime(…) may contain only a constant without quotes: "
        + "datetime(2026-01-31T08:00:00Z). To convert a value, use todatetime()")]
    [InlineData("T | where t > datetime (2026-01-31)", "line 1, column 15: write datetime(2026-01-31T08:00:00Z) without a space")]
    [InlineData("T | fork (take 1) (count)", "line 1, column 5: the operator 'fork' is not allowed. Allowed operators: as, count")]
    [InlineData("T | summarize COUNT()", "line 1, column 15: the function 'COUNT' is not known. Write 'count'.")]
    [InlineData("T | where saved(1)", "line 1, column 11: the function 'saved' is not allowed")]
    [InlineData("T | where 2xx == 1", "line 1, column 11: this is not a number of KQL")]
    [InlineData("T | where a ==", "line 1, column 15: expected an expression, but found the end of the query")]
    [InlineData("T take 1", "line 1, column 3: expected '|' or the end of the statement, but found 'take'")]
    [InlineData("T | where a & 1", "line 1, column 13: the character '&' has no meaning here")]
    [InlineData("T | evaluate python(a)", "line 1, column 14: the plugin 'python' is not allowed. Allowed plugins: active_users_count")]
    [InlineData("T | join hint.remote=left (U) on a", "line 1, column 15: expected a hint (concurrency, materialized")]
    [InlineData("print h'secret'", "line 1, column 7: a string cannot begin with h")]
    [InlineData("[h'a'] | take 1", "line 1, column 2: a string cannot begin with h")]
    [InlineData("['a\\x62'] | take 1", "line 1, column 2: a name in brackets must be in plain quotes")]
    [InlineData("print ['adx'] ('x')", "line 1, column 15: only a function with a plain name can be called")]
    [InlineData("print a = dynamic({\"a\": now()})", "line 1, column 25: expected a constant in JSON")]
    [InlineData("T | where a == 'x\n' | take 1", "line 1, column 16: the string that begins here is not closed")]
    [InlineData("T | project externaldata", "line 1, column 13: 'externaldata' is a keyword")]
    [InlineData("T | where a.set == 1", "write it in brackets and quotes: ['set']")]
    [InlineData("macro-expand | take 1", "line 1, column 1: expected an expression, but found 'macro-expand'")]
    [InlineData("T | project a = make-graph", "line 1, column 17: expected an expression, but found 'make-graph'")]
    [InlineData("// nothing", "is empty")]
    public void Error_has_the_position_and_the_next_step(string query, string told) =>
        Assert.Contains(told, Refusal(query), StringComparison.Ordinal);

    // Microsoft's parser treats these characters as white space, and line separators as the end of a comment.
    [Theory]
    [InlineData('\u000b')]
    [InlineData('\u000c')]
    [InlineData('\u0085')]
    [InlineData('\u00a0')]
    [InlineData('\u1680')]
    [InlineData('\u180e')]
    [InlineData('\u2003')]
    [InlineData('\u200b')]
    [InlineData('\u200d')]
    [InlineData('\u2028')]
    [InlineData('\u2029')]
    [InlineData('\u202e')]
    [InlineData('\u202f')]
    [InlineData('\u2060')]
    [InlineData('\u3000')]
    [InlineData('\ufeff')]
    [InlineData('\ud800')]
    [InlineData('\udc00')]
    [InlineData('\0')]
    public void Invisible_character_is_refused_everywhere(char hidden)
    {
        string[] queries = ["T{0}| take 1", "T | where a == 'x{0}'", "T // {0}\n| take 1", "let f{0}= 1; T", "{0}T", "T{0}"];
        foreach (var query in queries)
        {
            Assert.Contains(
                $"character U+{(int)hidden:X4}",
                Refusal(query.Replace("{0}", hidden.ToString(), StringComparison.Ordinal)),
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("datetime(null//)")]
    [InlineData("datetime('2026-01-31')")]
    [InlineData("datetime(2026-01-31\n)")]
    [InlineData("datetime(now()")]
    [InlineData("datetime(")]
    [InlineData("long(\"1\")")]
    [InlineData("long(1;2)")]
    [InlineData("int(1|2)")]
    [InlineData("real(1,5)")]
    [InlineData("bool(yes)")]
    [InlineData("guid(x)")]
    [InlineData("time(1d //)")]
    [InlineData("timespan(```)")]
    [InlineData("timespan(                                                                  1d)")]
    [InlineData("decimal(1.5.5)")]
    public void Typed_literal_with_other_content_is_refused(string literal) =>
        Assert.StartsWith("query: line 1, column ", Refusal($"print a = {literal}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("let adx = (c: string) { T }; adx('x/y')", "is the name of a function of KQL")]
    [InlineData("let workspace = (c: string) { T }; workspace('x')", "is the name of a function of KQL")]
    [InlineData("let f = () { let g = () { T }; g() }; g()", "the function 'g' is not allowed")]
    [InlineData("let f = () { f() }; f()", "the function 'f' is not allowed")]
    [InlineData("let f = T; f('x')", "the function 'f' is not allowed")]
    [InlineData("let f = () { T }; let f = U; f()", "the function 'f' is not allowed")]
    [InlineData("f(); let f = () { T }; T", "the function 'f' is not allowed")]
    [InlineData("let f = () { set notruncation; T }; f()", "statements that begin with")]
    public void Only_a_function_that_the_query_has_defined_before_can_be_called(string query, string told) =>
        Assert.Contains(told, Refusal(query), StringComparison.Ordinal);

    [Theory]
    [InlineData("workspace('" + Workspace + "').AppRequests", true, true)]
    [InlineData("union AppRequests, workspace(\"" + Workspace + "\").App*", true, true)]
    [InlineData("workspace('60000000-0000-4000-8000-000000000002').AppRequests", false, true)]
    [InlineData("workspace('shop-logs').AppRequests | join (app('shop').requests) on Name", false, true)]
    [InlineData("resource('/subscriptions/x/resourceGroups/y').Perf", false, true)]
    [InlineData("arg('').Resources | take 1", false, true)]
    [InlineData("workspace('" + Workspace + "')", false, false)]
    [InlineData("workspace('" + Workspace + "').adx('x').T", false, false)]
    [InlineData("workspace('" + Workspace + "', 'x').T", false, false)]
    [InlineData("workspace(strcat('a')).T", false, false)]
    [InlineData("workspace(@'" + Workspace + "').T", false, false)]
    [InlineData("workspace('\\x36').T", false, false)]
    [InlineData("WORKSPACE('" + Workspace + "').T", false, false)]
    [InlineData("['workspace']('" + Workspace + "').T", false, false)]
    [InlineData("app('https://evil.example').T", false, false)]
    [InlineData("adx('help/Samples').T", false, false)]
    public void Another_resource_is_allowed_only_in_one_form_and_by_identity(string query, bool app, bool caller)
    {
        Assert.Equal(app, IsAllowed(query, s_own));
        Assert.Equal(caller, IsAllowed(query, KqlSources.OfCaller));
        Assert.False(IsAllowed(query, KqlSources.None));
    }

    [Theory]
    [InlineData('(')]
    [InlineData('[')]
    [InlineData('-')]
    public void Deeply_nested_query_ends_quickly(char open)
    {
        var nested = "print a = " + new string(open, KqlQuery.MaxLength - 10);

        Assert.StartsWith("query: line 1, column ", Refusal(nested), StringComparison.Ordinal);
        string[] parts = ["abs(", "(", "a[", "(T | union (", "let f = () { "];
        foreach (var part in parts)
        {
            Assert.Contains("nested more than", Refusal(string.Concat(Enumerable.Repeat(part, 500))), StringComparison.Ordinal);
        }

        Assert.Contains("nested more than", Refusal("print a = dynamic(" + new string('[', 500)), StringComparison.Ordinal);
    }

    private static string Refusal(string query, KqlSources? sources = null) =>
        Assert.Throws<McpException>(() => KqlQuery.Read(query, sources ?? s_own)).Message;

    private static bool IsAllowed(string query, KqlSources sources)
    {
        try
        {
            KqlQuery.Read(query, sources);
            return true;
        }
        catch (McpException)
        {
            return false;
        }
    }
}
