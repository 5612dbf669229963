using RemoteMcp.Tests.Tools;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests the queries of <c>search_files</c>, and that no pattern blocks the server.</summary>
public sealed class SearchQueryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("Needle", false, true, 1)]
    [InlineData("Needle", false, false, 3)]
    [InlineData("n.*dle$", true, false, 3)]
    [InlineData("^NEEDLE$", true, true, 1)]
    [InlineData("a.b", false, false, 1)]
    [InlineData("a.b", true, false, 2)]
    [InlineData(@"\bgröße\b", true, false, 1)]
    [InlineData("GRÖSSE", false, false, 0)]
    [InlineData("GRÖßE", false, false, 1)]
    [InlineData("(a+)+$", true, false, 1)]
    public async Task A_query_is_text_or_a_regular_expression(string query, bool regex, bool case_sensitive, int expected)
    {
        _folder.Write("f.txt", "needle\r\nNeedle\r\nNEEDLE\r\na.b x\r\na+b x\r\nGröße!\r\naaaa");
        await using var server = await FileServer.StartAsync(_folder.Root);

        Assert.Equal(
            expected,
            (await server.AnswerAsync("search_files", new { query, regex, case_sensitive })).GetProperty("matches").GetArrayLength());
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+$")]
    [InlineData("^(([a-z])+.)+[A-Z]([a-z])+$")]
    [InlineData("(.*a){12}$")]
    public async Task Pattern_that_is_exponential_in_other_engines_ends(string query)
    {
        _folder.Write("f.txt", string.Concat(Enumerable.Repeat(new string('a', 60_000) + "!\n", 5)));
        await using var server = await FileServer.StartAsync(_folder.Root);

        var result = await server.CallAsync(
            "search_files", new { query, regex = true }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(result.IsError is true || result.StructuredContent is not null, ToolServer.TextOf(result));
    }

    [Theory]
    [InlineData("(", "regular expression")]
    [InlineData("[z-a]", "regular expression")]
    [InlineData("a{2,1}", "regular expression")]
    [InlineData("(?=a)", "linear time")]
    [InlineData("(a)\\1", "linear time")]
    [InlineData("((a{100}){100}){100}", "linear time")]
    [InlineData("line\nbreak", "line break")]
    public async Task Invalid_pattern_is_refused_with_the_reason(string query, string reason)
    {
        _folder.Write("f.txt", "x");
        await using var server = await FileServer.StartAsync(_folder.Root);

        var refusal = await server.RefusalAsync("search_files", new { query, regex = true });

        Assert.StartsWith("query: ", refusal);
        Assert.Contains(reason, refusal);
    }

    public void Dispose() => _folder.Dispose();
}
