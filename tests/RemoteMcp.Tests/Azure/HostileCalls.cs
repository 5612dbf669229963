using Xunit;

namespace RemoteMcp.Tests.Azure;

/// <summary>Provides hostile calls of the Azure tools and a part of each expected error.</summary>
public static class HostileCalls
{
    private const string Workspace = AzureSignIn.Workspace;
    private const string OtherWorkspace = AzureSignIn.OtherWorkspace;
    private const string Site = AzureSignIn.Site;
    private const string Elsewhere = "reads data outside of the workspaces";
    private const string Outside = "outside of Azure Monitor";
    private const string NoResource = "resource_id:";
    private const string Statement = "statements that begin with";

    /// <summary>Gets log queries and a part of each expected error.</summary>
    public static TheoryData<string, string> Queries => new()
    {
        { $"workspace('{OtherWorkspace}').AppRequests", Elsewhere },
        { $"union AppRequests, workspace(\"{OtherWorkspace}\").AppRequests", Elsewhere },
        { $"workspace('{Workspace}').AppRequests | union workspace('{OtherWorkspace}').AppRequests", Elsewhere },
        { $"WORKSPACE \t ('{OtherWorkspace}').AppRequests", Elsewhere },
        { $"workspace // it's a comment\n ( '{OtherWorkspace}').AppRequests", Elsewhere },
        { $"workspace('{Workspace}', '{OtherWorkspace}').AppRequests", Elsewhere },
        { $"workspace(strcat('{Workspace}')).AppRequests", Elsewhere },
        { "['workspace']('other').AppRequests", "only a function with a plain name" },
        { "['\\x77orkspace']('other').AppRequests", "plain quotes" },
        { "[\"e\\u0078ternaldata\"](a: string)[@'https://evil.example/x']", "plain quotes" },
        { "print a = 'it\\'s' | union app('shop').requests", Elsewhere },
        { "print a = @'\\' | union app('shop').requests", Elsewhere },
        { "print a = ```it's``` | union app('shop').requests", Elsewhere },
        { "// ``` \n app('shop').requests // ```", Elsewhere },
        { "// \u2028 app('shop').requests", "invisible character U+2028" },
        { "resource('/subscriptions/x').Perf", Elsewhere },
        { "arg('').Resources", Elsewhere },
        { "adx('help/Samples').StormEvents", Outside },
        { "cluster('help').database('Samples').StormEvents", Outside },
        { "externaldata (a: string) ['https://evil.example/x.csv']", Outside },
        { "externaldata\u200b(a: string)['https://evil.example/x.csv']", "line 1, column 13: the query has the invisible character" },
        { "AppRequests | extend a = toscalar(externaldata(a:string)[@'https://evil.example/?q=1'])", Outside },
        { "print a = datetime(null//) | union (externaldata(a:string)['https://evil.example'])", "constant without quotes" },
        { "AppRequests | evaluate http_request('https://evil.example')", "the plugin 'http_request' is not allowed" },
        {
            "AppRequests | evaluate hint.strategy = shuffle python(typeof(*), 'while True: pass')",
            "the plugin 'python' is not allowed"
        },
        { "set servertimeout = 4h; range x from 1 to 1e18 step 1", Statement },
        { "let a = 1; set notruncation; AppRequests", Statement },
        { ".drop table AppRequests", Statement },
        { "alias database d = cluster('x').database('y'); database('d').T", Statement },
        { "print 'not closed", "is not closed" },
        { "print 'not\nclosed' | union app('x').requests", "is not closed" },
        { "print 'not\\\nclosed' | union app('x').requests", "not an escape sequence" },
        { "print ``` not closed", "is not closed" },
        { "AppRequests \0", "control character U+0000" },
        { "AppRequests \u001b[31m", "control character U+001B" },
        { "  \n ", "is empty" },
        { new string('x', 10_001), "1 to 10000 characters" },
    };

    /// <summary>Gets the tool, the arguments as JSON, and a part of the expected error.</summary>
    public static TheoryData<string, string, string> Arguments => new()
    {
        { "query_logs", """{"query":"AppRequests","timespan":"-P1D"}""", "timespan:" },
        { "query_logs", """{"query":"AppRequests","timespan":"P32D"}""", "longer than the maximum of P31D" },
        { "query_logs", """{"query":"AppRequests","timespan":"P99999999999D"}""", "timespan:" },
        { "query_logs", """{"query":"AppRequests","timespan":"P9999Y"}""", "timespan:" },
        { "query_logs", """{"query":"AppRequests","timespan":"2026-01-02/2026-01-01"}""", "does not end after it starts" },
        { "query_logs", """{"query":"AppRequests","timespan":"2026-01-01/2026-01-02/P1D"}""", "timespan:" },
        { "query_logs", """{"query":"AppRequests","timespan":"always"}""", "timespan:" },
        { "query_logs", $$"""{"query":"AppRequests","workspace":"{{OtherWorkspace}}"}""", "this server may not query" },
        { "query_logs", """{"query":"AppRequests","workspace":"../../arm/subscriptions?x=#"}""", "workspace:" },
        { "query_logs", $$"""{"query":"AppRequests","workspace":"{{Workspace}}/../x"}""", "workspace:" },
        { "query_resources", """{"query":"Resources","subscriptions":["../x"]}""", "subscriptions:" },
        { "query_resources", """{"query":"Resources","subscriptions":["40000000-0000-4000-8000-000000000001?a=b"]}""", "subscriptions:" },
        { "query_resources", """{"query":"Resources","cursor":"bm9uc2Vuc2UgdGhhdCBpcyBsb25n"}""", "cursor:" },
        { "query_resources", """{"query":"Resources","cursor":"%00../"}""", "cursor:" },
        { "query_resources", """{"query":"Resources\u0007"}""", "control character" },
        { "query_resources", """{"query":"externaldata(a:string)['https://evil.example']"}""", "outside of Azure Monitor" },
        { "query_resources", """{"query":"Resources | union workspace('x').Perf"}""", "which this query may not read" },
        { "list_subscriptions", """{"cursor":"x"}""", "cursor:" },
        { "get_metrics", """{"resource_id":"/subscriptions/../providers/x","metrics":["a"]}""", NoResource },
        { "get_metrics", $$"""{"resource_id":"{{Site}}/../../x","metrics":["a"]}""", NoResource },
        { "get_metrics", $$"""{"resource_id":"{{Site}}?api-version=1","metrics":["a"]}""", NoResource },
        { "get_metrics", $$"""{"resource_id":"{{Site}}#x","metrics":["a"]}""", NoResource },
        { "get_metrics", $$"""{"resource_id":"{{Site}}/%2e%2e/x","metrics":["a"]}""", NoResource },
        { "get_metrics", $$"""{"resource_id":"{{Site}}\\..\\x","metrics":["a"]}""", NoResource },
        { "get_metrics", """{"resource_id":"https://evil.example/subscriptions/x","metrics":["a"]}""", NoResource },
        { "get_metrics", """{"resource_id":"//evil.example/x/y/z","metrics":["a"]}""", NoResource },
        { "get_metrics", $$"""{"resource_id":"{{Site}}","metrics":["a,b"]}""", "metrics:" },
        { "get_metrics", $$"""{"resource_id":"{{Site}}","metrics":["a\nb"]}""", "metrics:" },
        { "get_metrics", $$"""{"resource_id":"{{Site}}","metrics":[1]}""", "metrics: item 1 must be a string" },
        { "get_metrics", $$"""{"resource_id":"{{Site}}","metrics":["a"],"aggregations":[null]}""", "aggregations:" },
        { "query_resources", """{"query":"Resources","subscriptions":[null]}""", "subscriptions:" },
        { "get_metrics", $$"""{"resource_id":"{{Site}}","metrics":[]}""", "metrics:" },
        { "get_metrics", $$"""{"resource_id":"{{Site}}","metrics":["a"],"interval":"PT1S&top=9"}""", "interval:" },
        { "get_metrics", $$"""{"resource_id":"{{Site}}","metrics":["a"],"aggregations":["total&x=y"]}""", "aggregations:" },
        { "get_metrics", $$"""{"resource_id":"{{Site}}","metrics":["a"],"filter":"a\r\nb"}""", "filter:" },
    };
}
