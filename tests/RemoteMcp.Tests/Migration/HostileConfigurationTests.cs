using Xunit;

namespace RemoteMcp.Tests.Migration;

/// <summary>
/// Tests files that attack the program, the terminal, or the reader. They must be refused or shown safely, and must not change.
/// </summary>
public sealed class HostileConfigurationTests : MigrateFixture
{
    private static readonly string s_deep = string.Concat(Enumerable.Repeat("[", 100_000));

    [Theory]
    [InlineData("not JSON", "not json", "(1,2)")]
    [InlineData("cut off", "{\"mcpServers\": {\"a\": {\"command\": \"x\"}", ")")]
    [InlineData("an open comment", "{ /* \"mcpServers\": {} }", "not closed")]
    [InlineData("an array at the top", "[{\"mcpServers\": {}}]", "The top level is an array")]
    [InlineData("a string at the top", "\"mcpServers\"", "The top level is a string")]
    [InlineData("two documents", "{} {}", ")")]
    [InlineData("a NUL", "{\"mcpServers\": \0}", ")")]
    public async Task Invalid_file_is_refused_with_the_position(string what, string content, string told)
    {
        Assert.NotEmpty(what);
        await AssertRefusedAsync(Write("mcp.json", content), told);
    }

    [Fact]
    public async Task Deep_nesting_is_refused() => await AssertRefusedAsync(Write("mcp.json", "{\"mcpServers\": " + s_deep), "depth");

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_refused() =>
        await AssertRefusedAsync(Write("mcp.json", [(byte)'{', 0xFF, 0xFE, (byte)'}']), "not UTF-8");

    [Theory]
    [InlineData("servers are an array", """{"mcpServers": [{"command": "x"}]}""", "mcpServers is an array")]
    [InlineData("servers are null", """{"mcpServers": null}""", "mcpServers is null")]
    [InlineData("servers are a string", """{"mcpServers": "x"}""", "mcpServers is a string")]
    [InlineData("an entry is a string", """{"mcpServers": {"a": "npx x"}}""", "'a': is a string")]
    [InlineData("an entry is null", """{"mcpServers": {"a": null}}""", "'a': is null")]
    [InlineData("an entry is empty", """{"mcpServers": {"a": {}}}""", "neither command nor url")]
    [InlineData("a command is a number", """{"mcpServers": {"a": {"command": 5}}}""", "a command that is not a string")]
    [InlineData("args are a string", """{"mcpServers": {"a": {"command": "x", "args": "-y"}}}""", "args that are not a list")]
    [InlineData("args have an object", """{"mcpServers": {"a": {"command": "x", "args": ["y", {}]}}}""", "args that are not a list")]
    [InlineData("a url is a file", """{"mcpServers": {"a": {"url": "file:///etc/passwd"}}}""", "not an http or https URL")]
    [InlineData("a text with half a surrogate", """{"mcpServers": {"a": {"command": "\ud800"}}}""", "not valid Unicode")]
    [InlineData(
        "a variable's name with half a surrogate",
        """{"mcpServers": {"a": {"command": "x", "env": {"\udc00": "v"}}}}""",
        "not valid Unicode")]
    [InlineData(
        "an entry that is nested deeply",
        """{"mcpServers": {"a": {"command": "x", "deep": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["""
            + """]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}}}""",
        "'a': x")]
    [InlineData("another server's name with half a surrogate", """{"mcpServers": {"\ud800": {"command": "x"}}}""", "no servers")]
    [InlineData("no servers", "{}", "no servers")]
    [InlineData("nothing", "", "The file is empty")]
    [InlineData("only comments", "// nothing\n", "The file is empty")]
    [InlineData(
        "the section of another client", """{"servers": {"b": {"command": "x"}}, "mcpServers": {}}""", "also has a section servers")]
    public async Task Unusable_entry_is_shown_and_not_moved(string what, string content, string told)
    {
        Assert.NotEmpty(what);
        var path = Write("mcp.json", content);

        var (exit, output, _) = await RunAsync(path, "--client", "cursor");
        var (moveExit, _, _) = await RunAsync(path, "--client", "cursor", "--to", $"a={Url}", "--write");

        Assert.Equal((0, 1), (exit, moveExit));
        Assert.Contains(told, output, StringComparison.Ordinal);
        AssertUntouched(path, content);
    }

    [Theory]
    [InlineData("an escape sequence", "\u001b[2J\u001b]0;owned\u0007", @"\u001B[2J")]
    [InlineData("a right-to-left mark", "gpj\u202eexe", @"gpj\u202Eexe")]
    [InlineData("line breaks", "a\r\nerror: b", @"a\u000D\u000A")]
    [InlineData("a zero-width space", "git\u200bhub", @"git\u200Bhub")]
    [InlineData("C1 controls", "a\u009b31m", @"a\u009B31m")]
    public async Task Text_of_the_file_cannot_control_the_terminal(string what, string text, string shown)
    {
        Assert.NotEmpty(what);
        var quoted = System.Text.Json.JsonSerializer.Serialize(text);
        var path = Write(
            "mcp.json",
            $$"""{"mcpServers": { {{quoted}}: {"command": {{quoted}}, "args": [{{quoted}}],"""
                + $$""" "env": { {{quoted}}: "v"}, "x": {{quoted}}, {{quoted}}: 1 } } }""");

        var listed = await RunAsync(path, "--client", "cursor");
        var moved = await RunAsync(path, "--client", "cursor", "--to", $"{text}={Url}");
        var json = await RunAsync(path, "--client", "cursor", "--json");
        var refused = await RunAsync(path, "--client", "cursor", "--to", $"{text}x={Url}");

        Assert.Equal((0, 0, 0, 1), (listed.Exit, moved.Exit, json.Exit, refused.Exit));
        Assert.Contains(shown, listed.Output, StringComparison.Ordinal);
        foreach (var printed in new[] { listed.Output, moved.Output, json.Output, refused.Error })
        {
            Assert.DoesNotContain(printed, character => character is '\u001b' or '\u0007' or '\u202e' or '\u200b' or '\u009b' or '\r');
        }
    }

    [Fact]
    public async Task Proto_is_a_name_like_any_other()
    {
        var path = Write("mcp.json", """{"mcpServers": {"__proto__": {"command": "x"}, "constructor": {"command": "y"}}}""");

        var (exit, _, _) = await RunAsync(path, "--client", "cursor", "--to", $"__proto__={Url}", "--write");

        Assert.Equal(0, exit);
        Assert.Equal(
            """{"mcpServers": {"__proto__": {"url":"https://mcp.example.com/mcp"}, "constructor": {"command": "y"}}}""", Read(path));
    }

    [Theory]
    [InlineData("""["--token", "s3cr3t"]""")]
    [InlineData("""["--api-key=s3cr3t"]""")]
    [InlineData("""["-e", "PASSWORD=s3cr3t"]""")]
    [InlineData("""["postgres://ann:s3cr3t@db.example.com/x"]""")]
    [InlineData("""["Server=db;User Id=a;Password=s3cr3t;"]""")]
    [InlineData("""["--header", "Authorization: Bearer s3cr3t"]""")]
    [InlineData("""["--header", "X-Api-Key:s3cr3t"]""")]
    [InlineData("""["https://example.com/?access_token=s3cr3t&x=1"]""")]
    [InlineData("""["ghp_s3cr3ts3cr3t"]""")]
    [InlineData("""["DefaultEndpointsProtocol=https;AccountName=a;AccountKey=s3cr3t=="]""")]
    [InlineData("""["s3cr3tAAAABBBBCCCCDDDDEEEE99"]""")]
    [InlineData("""["--header=X-Api-Key: s3cr3t"]""")]
    [InlineData("""["https://app.azurewebsites.net/mcp?code=s3cr3t"]""")]
    [InlineData("""["https://a.blob.core.windows.net/c?sv=2020&sig=s3cr3t%2Bd"]""")]
    [InlineData("""["mcp-remote", "https://example.com/mcp?code=s3cr3t"]""")]
    [InlineData("""["--pass", "s3cr3t", "PW=s3cr3t"]""")]
    public async Task Secrets_in_arguments_are_not_printed(string arguments)
    {
        var path = Write(
            "mcp.json",
            $$$"""{"mcpServers": {"a": {"command": "tool", "args": {{{arguments}}},"""
                + """ "headers": {"X": "s3cr3t"}, "env": {"HARMLESS": "s3cr3t"}, "apiKey": "s3cr3t"} } }""");

        foreach (var rest in new string[][] { [], ["--json"], ["--to", $"a={Url}"], ["--to", $"a={Url}", "--json"] })
        {
            var (exit, output, error) = await RunAsync([path, "--client", "cursor", .. rest]);
            Assert.Equal(0, exit);
            Assert.DoesNotContain("s3cr3t", output + error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Duplicate_name_gets_a_note()
    {
        var path = Write("mcp.json", """{"mcpServers": {"a\u001b": {"command": "x"}, "a\u001b": {"command": "y"}}}""");

        var (exit, output, _) = await RunAsync(path, "--client", "cursor");

        Assert.Equal(0, exit);
        Assert.Contains("appears 2 times. Clients use the last entry", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    private async Task AssertRefusedAsync(string path, string told)
    {
        var before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);

        var (exit, output, error) = await RunAsync(path, "--client", "cursor");
        var (writeExit, _, _) = await RunAsync(path, "--client", "cursor", "--to", $"a={Url}", "--write");

        Assert.Equal((1, 1, ""), (exit, writeExit, output));
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }
}
