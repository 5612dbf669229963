using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using RemoteMcp.Cli.Clients;
using RemoteMcp.Cli.Commands;
using RemoteMcp.Clients;
using Xunit;

namespace RemoteMcp.Tests.Clients;

public sealed class ConfigCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("config");
    private readonly UserEnvironment _environment;

    public ConfigCommandTests()
    {
        _environment = new UserEnvironment(
            _folder.CreateSubdirectory("project").FullName,
            _folder.CreateSubdirectory("home").FullName,
            Path.Combine(_folder.FullName, "home", "appdata"),
            null);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Standard_output_has_only_the_snippet()
    {
        var (exit, output, error) = await RunAsync("--client", "vscode");

        Assert.Equal(0, exit);
        Assert.Equal(new VsCode().Snippet(new HttpServerEntry("remote-mcp", new Uri("http://127.0.0.1:7071/mcp"))), output);
        Assert.Contains(Path.Combine(_environment.WorkingDirectory, ".vscode", "mcp.json"), error, StringComparison.Ordinal);
        Assert.Contains("vscode:mcp/install?", error, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_environment.WorkingDirectory));
    }

    [Theory]
    [InlineData("vscode", "servers", "project/.vscode/mcp.json", "home/appdata/Code/User/mcp.json")]
    [InlineData("claude-code", "mcpServers", "project/.mcp.json", "home/.claude.json")]
    [InlineData("claude-desktop", "mcpServers", null, "home/appdata/Claude/claude_desktop_config.json")]
    [InlineData("cursor", "mcpServers", "project/.cursor/mcp.json", "home/.cursor/mcp.json")]
    [InlineData("inspector", "mcpServers", "project/mcp.json", "home/.mcp-inspector/mcp.json")]
    public async Task Write_creates_the_clients_file(string client, string section, string? project, string user)
    {
        string[] common = ["--client", client, "--name", "team", "--url", "https://mcp.example.com/mcp", "--write"];

        var (exit, output, _) = await RunAsync(common);
        var (userExit, _, _) = await RunAsync([.. common, "--scope", "user"]);

        Assert.Equal((0, 0, ""), (exit, userExit, output));
        foreach (var path in new[] { project ?? user, user })
        {
            Assert.NotNull(JsonNode.Parse(Read(path))![section]!["team"]);
        }
    }

    [Fact]
    public async Task Write_to_a_path_keeps_the_existing_content()
    {
        var path = Write("mine.json", "{\r\n\t// all mine\r\n\t\"servers\": {\r\n\t\t\"a\": {}, // keep\r\n\t},\r\n}\r\n");

        var (exit, _, error) = await RunAsync("--client", "vscode", "--write", path);

        Assert.Equal(0, exit);
        Assert.Equal(
            "{\r\n\t// all mine\r\n\t\"servers\": {\r\n\t\t\"a\": {}, // keep\r\n" +
            "\t\t\"remote-mcp\": {\r\n\t\t\t\"type\": \"http\",\r\n\t\t\t\"url\": \"http://127.0.0.1:7071/mcp\"\r\n\t\t},\r\n\t},\r\n}\r\n",
            Read(path));
        Assert.Contains($"Added \"remote-mcp\" to {path}.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", error, StringComparison.Ordinal);
        Assert.Equal([path], Directory.EnumerateFiles(_environment.WorkingDirectory));
    }

    [Fact]
    public async Task Writing_twice_changes_nothing_the_second_time()
    {
        await RunAsync("--client", "cursor", "--write", "c.json");
        var first = Read("project/c.json");

        var (exit, _, error) = await RunAsync("--client", "cursor", "--write", "c.json");

        Assert.Equal(0, exit);
        Assert.Equal(first, Read("project/c.json"));
        Assert.Contains("Nothing to do", error, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(_environment.WorkingDirectory));
    }

    [Fact]
    public async Task Replacing_an_entry_keeps_a_backup_each_time()
    {
        const string Before = """{"mcpServers": {"remote-mcp": {"command": "npx", "env": {"KEY": "secret"}}}}""";
        var path = Write("c.json", Before);

        var (_, _, error) = await RunAsync("--client", "cursor", "--write", path);
        var second = Read(path);
        await RunAsync("--client", "cursor", "--url", "https://mcp.example.com/mcp", "--write", path);

        Assert.Contains($"{path}.bak", error, StringComparison.Ordinal);
        Assert.Equal(Before, Read(path + ".bak"));
        Assert.Equal(second, Read(path + ".bak1"));
        Assert.Equal("https://mcp.example.com/mcp", (string?)JsonNode.Parse(Read(path))!["mcpServers"]!["remote-mcp"]!["url"]);
    }

    [Theory]
    [InlineData("{\n  \"mcpServers\": {\n", "(3,1)")]
    [InlineData("{\n  \"mcpServers\": []\n}", "(2,17)")]
    [InlineData("not json", "(1,2)")]
    public async Task Broken_file_gets_an_error_with_line_and_column_and_is_not_changed(string content, string place)
    {
        var path = Write("broken.json", content);

        var (exit, output, error) = await RunAsync("--client", "cursor", "--write", path);

        Assert.Equal((1, ""), (exit, output));
        Assert.Contains($"error: {path}{place}: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal(content, Read(path));
        Assert.Equal([path], Directory.EnumerateFiles(_environment.WorkingDirectory));
    }

    [Fact]
    public async Task File_with_comments_gets_a_warning_for_a_client_of_strict_JSON()
    {
        var path = Write(".mcp.json", "{ // comment\n}");

        var (exit, _, error) = await RunAsync("--client", "claude-code", "--write");

        Assert.Equal(0, exit);
        Assert.Contains("warning: the file has comments", error, StringComparison.Ordinal);
        Assert.StartsWith("{ // comment\n", Read(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_does_not_follow_a_link_out_of_the_project()
    {
        var victim = Path.Combine(_environment.Home, "settings.json");
        File.WriteAllText(victim, "{}");
        File.CreateSymbolicLink(Path.Combine(_environment.WorkingDirectory, ".mcp.json"), victim);

        var (exit, _, error) = await RunAsync("--client", "claude-code", "--write");
        var (exitOfStep, _, _) = await RunAsync("--client", "claude-code", "--write", victim);

        Assert.Equal((1, 0), (exit, exitOfStep));
        Assert.Contains($"To change that file, specify it: --write {victim}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_follows_a_link_from_the_home_folder_to_the_users_dotfiles()
    {
        var target = Path.Combine(_folder.CreateSubdirectory("home/dotfiles").FullName, "cursor.json");
        File.CreateSymbolicLink(Path.Combine(_folder.CreateSubdirectory("home/.cursor").FullName, "mcp.json"), target);

        var (exit, _, error) = await RunAsync("--client", "cursor", "--scope", "user", "--write");

        Assert.Equal(0, exit);
        Assert.Contains($"Added \"remote-mcp\" to {target}.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Path_behind_a_link_cannot_control_the_terminal()
    {
        File.CreateSymbolicLink(Path.Combine(_environment.WorkingDirectory, ".mcp.json"), "\u001b[2J\u202e.json");

        var (exit, _, error) = await RunAsync("--client", "claude-code", "--write");

        Assert.Equal(0, exit);
        Assert.DoesNotContain(error, static character => character is '\u001b' or '\u202e');
    }

    [Fact]
    public async Task Stdio_entry_has_the_root_as_an_absolute_path()
    {
        Directory.CreateDirectory(Path.Combine(_environment.WorkingDirectory, "my files"));

        var (_, output, _) = await RunAsync("--client", "vscode", "--stdio", "--root", "my files");
        var (_, here, _) = await RunAsync("--client", "vscode", "--stdio");

        Assert.Equal(
            ["run", "--", "stdio", "--root", Path.Combine(_environment.WorkingDirectory, "my files")], Arguments(output));
        Assert.Equal(["run", "--", "stdio", "--root", _environment.WorkingDirectory], Arguments(here));

        static IEnumerable<string?> Arguments(string snippet) =>
            JsonNode.Parse(snippet)!["servers"]!["remote-mcp"]!["args"]!.AsArray().Select(argument => (string?)argument);
    }

    [Theory]
    [InlineData("--url", "/mcp", "not an absolute http or https URL")]
    [InlineData("--url", "mcp.example.com", "not an absolute http or https URL")]
    [InlineData("--url", "file:///etc/passwd", "not an absolute http or https URL")]
    [InlineData("--url", "javascript:alert(1)", "not an absolute http or https URL")]
    [InlineData("--url", "ws://h/mcp", "not an absolute http or https URL")]
    [InlineData("--url", "", "not an absolute http or https URL")]
    [InlineData("--url", "https://ann:secret@h/mcp", "user name or password")]
    [InlineData("--url", "https://h/mcp#x", "fragment")]
    [InlineData("--name", "", "--name")]
    [InlineData("--name", "  ", "--name")]
    [InlineData("--name", "\uFFFD", "Unicode")]
    [InlineData("--client", "notepad", "notepad")]
    [InlineData("--scope", "1", "'1'")]
    [InlineData("--stdio:maybe", "--scope", "maybe")]
    [InlineData("--root", ".", "--root requires --stdio")]
    public async Task Invalid_option_is_refused_with_its_name(string option, string value, string message)
    {
        string[] client = option == "--client" ? [] : ["--client", "vscode"];

        var (exit, _, error) = await RunAsync([.. client, "--write", "x.json", option, value]);

        Assert.Equal(1, exit);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_environment.WorkingDirectory, "x.json")));
    }

    [Theory]
    [InlineData("--url and --stdio cannot be combined", "--client", "vscode", "--stdio", "--url", "https://h/mcp")]
    [InlineData("--scope and a PATH", "--client", "vscode", "--scope", "user", "--write", "x.json")]
    [InlineData("Claude Desktop has no project configuration file", "--client", "claude-desktop", "--scope", "project")]
    [InlineData("does not exist", "--client", "vscode", "--stdio", "--root", "nowhere")]
    [InlineData("--client", "--stdio")]
    public async Task Options_that_cannot_be_combined_are_refused(string message, params string[] arguments)
    {
        var (exit, _, error) = await RunAsync(arguments);

        Assert.Equal(1, exit);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_of_more_than_100_characters_is_refused() =>
        Assert.Equal(1, (await RunAsync("--client", "vscode", "--name", new string('n', 101))).Exit);

    [Theory]
    [InlineData("http://mcp.example.com/mcp", "not encrypted")]
    [InlineData("https://mcp.example.com", "/mcp")]
    public async Task Doubtful_URL_gets_a_warning(string url, string warning)
    {
        var (exit, output, error) = await RunAsync("--client", "vscode", "--url", url);

        Assert.Equal(0, exit);
        Assert.Contains("warning: ", error, StringComparison.Ordinal);
        Assert.Contains(warning, error, StringComparison.Ordinal);
        Assert.NotNull(JsonNode.Parse(output));
    }

    [Theory]
    [InlineData("http://localhost:7071/mcp")]
    [InlineData("http://127.0.0.1/mcp")]
    [InlineData("http://[::1]:7071/mcp")]
    [InlineData("https://mcp.example.com/mcp")]
    public async Task Good_URL_gets_no_warning(string url) =>
        Assert.DoesNotContain("warning", (await RunAsync("--client", "vscode", "--url", url)).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("a\"b")]
    [InlineData("a\nb")]
    [InlineData("__proto__")]
    [InlineData("a/b")]
    [InlineData("команда")]
    public async Task Hostile_name_is_encoded_and_gets_a_warning(string name)
    {
        var (exit, output, error) = await RunAsync("--client", "claude-code", "--name", name);

        Assert.Equal(0, exit);
        Assert.Equal([name], JsonNode.Parse(output)!["mcpServers"]!.AsObject().Select(server => server.Key));
        Assert.Contains("warning: some clients do not accept this name", error, StringComparison.Ordinal);
    }

    private async Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var root = new RootCommand { ConfigCommand.Create(_environment, new LaunchCommand("/usr/bin/dotnet", ["run", "--"])) };
        var exit = await root.Parse(["config", .. arguments]).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_environment.WorkingDirectory, name);
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(content));
        return path;
    }

    private string Read(string path) => Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(_folder.FullName, path)));
}
