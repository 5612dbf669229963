using System.Text;
using RemoteMcp.Cli.Clients;
using Xunit;

namespace RemoteMcp.Tests.Migration;

/// <summary>Files that somebody made to break the program, the terminal or the reader. They are refused or shown safely, and left as they are.</summary>
public sealed class HostileConfigurationTests : MigrateFixture
{
    private static readonly string _deep = string.Concat(Enumerable.Repeat("[", 100_000));

    [Theory]
    [InlineData("no JSON", "not json", "(1,2)")]
    [InlineData("cut off", "{\"mcpServers\": {\"a\": {\"command\": \"x\"}", ")")]
    [InlineData("an open comment", "{ /* \"mcpServers\": {} }", "not closed")]
    [InlineData("an array at the top", "[{\"mcpServers\": {}}]", "The top level is an array")]
    [InlineData("a string at the top", "\"mcpServers\"", "The top level is a string")]
    [InlineData("two documents", "{} {}", ")")]
    [InlineData("a NUL", "{\"mcpServers\": \0}", ")")]
    public async Task What_is_no_configuration_is_refused_with_the_place(string what, string content, string told)
    {
        Assert.NotEmpty(what);
        await AssertRefusedAsync(Write("mcp.json", content), told);
    }

    [Fact]
    public async Task Deep_nesting_is_refused() => await AssertRefusedAsync(Write("mcp.json", "{\"mcpServers\": " + _deep), "depth");

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_refused() => await AssertRefusedAsync(Write("mcp.json", [(byte)'{', 0xFF, 0xFE, (byte)'}']), "not UTF-8");

    [Fact]
    public async Task A_huge_file_is_refused_unread()
    {
        var path = Path.Combine(Project, "mcp.json");
        await using (var file = File.Create(path))
        {
            file.SetLength(64L * 1024 * 1024 + 1);
        }

        var (exit, _, error) = await RunAsync(path, "--client", "cursor");

        Assert.Equal(1, exit);
        Assert.Contains("is expected", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is none", "missing.json", "There is no file")]
    [InlineData("a folder", ".", "is a folder")]
    [InlineData("below a file", "f.json/mcp.json", "f.json")]
    [InlineData("a link to itself", "loop.json", "loop.json")]
    public async Task What_is_no_file_is_refused(string what, string name, string told)
    {
        Assert.NotEmpty(what);
        Write("f.json", "{}");
        File.CreateSymbolicLink(Path.Combine(Project, "loop.json"), Path.Combine(Project, "loop.json"));

        var (exit, output, error) = await RunAsync(name, "--client", "cursor");

        Assert.Equal((1, ""), (exit, output));
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("servers are an array", """{"mcpServers": [{"command": "x"}]}""", "mcpServers is an array")]
    [InlineData("servers are null", """{"mcpServers": null}""", "mcpServers is null")]
    [InlineData("servers are a string", """{"mcpServers": "x"}""", "mcpServers is a string")]
    [InlineData("an entry is a string", """{"mcpServers": {"a": "npx x"}}""", "'a': is a string")]
    [InlineData("an entry is null", """{"mcpServers": {"a": null}}""", "'a': is null")]
    [InlineData("an entry is empty", """{"mcpServers": {"a": {}}}""", "neither command nor url")]
    [InlineData("a command is a number", """{"mcpServers": {"a": {"command": 5}}}""", "a command that is no text")]
    [InlineData("args are a string", """{"mcpServers": {"a": {"command": "x", "args": "-y"}}}""", "args that are no list")]
    [InlineData("args have an object", """{"mcpServers": {"a": {"command": "x", "args": ["y", {}]}}}""", "args that are no list")]
    [InlineData("a url is a file", """{"mcpServers": {"a": {"url": "file:///etc/passwd"}}}""", "no http or https address")]
    [InlineData("a text with half a surrogate", """{"mcpServers": {"a": {"command": "\ud800"}}}""", "not valid Unicode")]
    [InlineData("a variable's name with half a surrogate", """{"mcpServers": {"a": {"command": "x", "env": {"\udc00": "v"}}}}""", "not valid Unicode")]
    [InlineData("an entry that is nested deeply", """{"mcpServers": {"a": {"command": "x", "deep": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}}}""", "'a': x")]
    [InlineData("another server's name with half a surrogate", """{"mcpServers": {"\ud800": {"command": "x"}}}""", "no servers")]
    [InlineData("no servers", "{}", "no servers")]
    [InlineData("nothing", "", "The file is empty")]
    [InlineData("only comments", "// nothing\n", "The file is empty")]
    [InlineData("the section of another client", """{"servers": {"b": {"command": "x"}}, "mcpServers": {}}""", "a section servers too")]
    public async Task What_no_client_could_use_is_shown_and_not_moved(string what, string content, string told)
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
    [InlineData("no width", "git\u200bhub", @"git\u200Bhub")]
    [InlineData("C1 controls", "a\u009b31m", @"a\u009B31m")]
    public async Task Names_commands_and_variables_cannot_play_tricks_with_the_terminal(string what, string text, string shown)
    {
        Assert.NotEmpty(what);
        var quoted = System.Text.Json.JsonSerializer.Serialize(text);
        var path = Write("mcp.json", $$"""{"mcpServers": { {{quoted}}: {"command": {{quoted}}, "args": [{{quoted}}], "env": { {{quoted}}: "v"}, "x": {{quoted}} } } }""");

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
        Assert.Equal("""{"mcpServers": {"__proto__": {"url":"https://mcp.example.com/mcp"}, "constructor": {"command": "y"}}}""", Read(path));
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
        var path = Write("mcp.json", $$$"""{"mcpServers": {"a": {"command": "tool", "args": {{{arguments}}}, "headers": {"X": "s3cr3t"}, "env": {"HARMLESS": "s3cr3t"}, "apiKey": "s3cr3t"} } }""");

        foreach (string[] rest in new string[][] { [], ["--json"], ["--to", $"a={Url}"], ["--to", $"a={Url}", "--json"] })
        {
            var (exit, output, error) = await RunAsync([path, "--client", "cursor", .. rest]);
            Assert.Equal(0, exit);
            Assert.DoesNotContain("s3cr3t", output + error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_name_that_stands_twice_is_told_of()
    {
        var path = Write("mcp.json", """{"mcpServers": {"a\u001b": {"command": "x"}, "a\u001b": {"command": "y"}}}""");

        var (exit, output, _) = await RunAsync(path, "--client", "cursor");

        Assert.Equal(0, exit);
        Assert.Contains("is there 2 times. The last one counts", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public async Task A_name_that_is_in_two_files_is_not_guessed()
    {
        var one = Write(".cursor/mcp.json", """{"mcpServers": {"a": {"command": "x"}}}""");
        var other = Write(".mcp.json", """{"mcpServers": {"a": {"command": "x"}}}""");

        var (exit, _, error) = await RunAsync("--to", $"a={Url}", "--write");

        Assert.Equal(1, exit);
        Assert.Contains(one, error, StringComparison.Ordinal);
        Assert.Contains(other, error, StringComparison.Ordinal);
        Assert.Equal(Read(one), Read(other));
    }

    [Fact]
    public async Task A_broken_file_does_not_hide_the_others_and_nothing_is_written()
    {
        Write(".mcp.json", "{");
        var path = Write(".cursor/mcp.json", """{"mcpServers": {"a": {"command": "x"}}}""");

        var (exit, output, error) = await RunAsync();
        var (writeExit, _, _) = await RunAsync("--to", $"a={Url}", "--write");

        Assert.Equal((1, 1), (exit, writeExit));
        Assert.Contains("'a'", output, StringComparison.Ordinal);
        Assert.Contains(".mcp.json(1,", error, StringComparison.Ordinal);
        AssertUntouched(path, """{"mcpServers": {"a": {"command": "x"}}}""");
    }

    [Fact]
    public async Task A_read_only_file_is_shown_and_not_written()
    {
        var path = Write(".cursor/mcp.json", """{"mcpServers": {"a": {"command": "x"}}}""");
        File.SetAttributes(path, FileAttributes.ReadOnly);

        var (exit, _, _) = await RunAsync("--to", $"a={Url}");
        var (writeExit, _, error) = await RunAsync("--to", $"a={Url}", "--write");
        File.SetAttributes(path, FileAttributes.Normal);

        Assert.Equal((0, 1), (exit, writeExit));
        Assert.Contains("read-only", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_symbolic_link_stays_a_link_and_its_target_is_changed()
    {
        var target = Write("dotfiles.json", """{"mcpServers": {"a": {"command": "x"}}}""");
        var link = Path.Combine(Project, "mcp.json");
        File.CreateSymbolicLink(link, "dotfiles.json");

        var (exit, _, _) = await RunAsync(link, "--client", "cursor", "--to", $"a={Url}", "--write");

        Assert.Equal(0, exit);
        Assert.Equal("dotfiles.json", new FileInfo(link).LinkTarget);
        Assert.Contains(Url, Read(target), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_changed_between_reading_and_writing_is_not_overwritten()
    {
        var path = Write("mcp.json", "{\"new\": 1}");

        var error = await Assert.ThrowsAsync<ConfigFileException>(
            () => ConfigFile.RewriteAsync(path, Encoding.UTF8.GetBytes("{}"), Encoding.UTF8.GetBytes("{\"mine\": 1}"), TestContext.Current.CancellationToken));

        Assert.Contains("changed by another program", error.Message, StringComparison.Ordinal);
        AssertUntouched(path, "{\"new\": 1}");
    }

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

    private static void AssertUntouched(string path, string content)
    {
        Assert.Equal(content, Read(path));
        Assert.False(File.Exists(path + ".bak"));
    }
}
