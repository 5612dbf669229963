using Xunit;

namespace RemoteMcp.Tests.Migration;

/// <summary>Moves that nobody could make are refused with what is wrong, and nothing is written.</summary>
public sealed class HostileArgumentTests : MigrateFixture
{
    [Theory]
    [InlineData("there is already another URL", """{"a": {"url": "https://other.example.com/mcp", "headers": {"Authorization": "x"}}}""", "remote already")]
    [InlineData("no such server", """{"b": {"command": "x"}}""", "No server is called 'a'. There are: 'b'.")]
    public async Task What_cannot_be_moved_is_refused(string what, string servers, string told)
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
    [InlineData("--url goes with", "--url", "https://h/mcp")]
    [InlineData("--url goes with", "--server", "a")]
    [InlineData("--write needs", "--write")]
    [InlineData("exclude each other", "f.json", "--scope", "user")]
    [InlineData("does not tell which client", "f.json")]
    [InlineData("No configuration file", "--client", "inspector")]
    public async Task Options_that_make_no_sense_are_refused(string told, params string[] arguments)
    {
        var (exit, _, error) = await RunAsync(arguments);

        Assert.Equal(1, exit);
        Assert.Contains(told, error, StringComparison.Ordinal);
    }
}
