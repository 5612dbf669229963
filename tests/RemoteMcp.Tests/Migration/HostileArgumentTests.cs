using Xunit;

namespace RemoteMcp.Tests.Migration;

/// <summary>Tests that impossible moves are refused with the reason, and that nothing is written.</summary>
public sealed class HostileArgumentTests : MigrateFixture
{
    [Theory]
    [InlineData(
        "the server already has another URL",
        """{"a": {"url": "https://other.example.com/mcp", "headers": {"Authorization": "x"}}}""",
        "already remote")]
    [InlineData("no such server", """{"b": {"command": "x"}}""", "No server is called 'a'. The servers are: 'b'.")]
    public async Task Impossible_move_is_refused(string what, string servers, string told)
    {
        Assert.NotEmpty(what);
        var content = $$"""{"mcpServers": {{servers}}}""";
        var path = Write(".cursor/mcp.json", content);

        var (exit, _, error) = await RunAsync("--to", $"a={Url}", "--write");

        Assert.Equal(1, exit);
        Assert.Contains(told, error, StringComparison.Ordinal);
        AssertUntouched(path, content);
    }

    [Theory]
    [InlineData("is not NAME=URL", "--to", "a")]
    [InlineData("is not NAME=URL", "--to", "=https://h/mcp")]
    [InlineData("is not NAME=URL", "--to", "a=ftp://h")]
    [InlineData("user name or password", "--to", "a=https://ann:pw@h/mcp")]
    [InlineData("fragment", "--to", "a=https://h/mcp#x")]
    [InlineData("is given twice", "--to", "a=https://h/1", "--to", "a=https://h/2")]
    [InlineData("--url requires", "--url", "https://h/mcp")]
    [InlineData("--url requires", "--server", "a")]
    [InlineData("--write requires", "--write")]
    [InlineData("cannot be combined", "f.json", "--scope", "user")]
    [InlineData("does not identify the client", "f.json")]
    [InlineData("No configuration file", "--client", "inspector")]
    public async Task Options_that_make_no_sense_are_refused(string told, params string[] arguments)
    {
        var (exit, _, error) = await RunAsync(arguments);

        Assert.Equal(1, exit);
        Assert.Contains(told, error, StringComparison.Ordinal);
    }
}
