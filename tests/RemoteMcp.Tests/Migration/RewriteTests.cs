using System.Text.Json;
using Xunit;

namespace RemoteMcp.Tests.Migration;

/// <summary>Tests typical files. The chosen entry must change, and every other byte must stay the same.</summary>
public sealed class RewriteTests : MigrateFixture
{
    // The name, the file, the text before the entry's value, the value, the new value, and the text after the value.
    public static TheoryData<string, string, string, string, string, string> Files => new()
    {
        {
            "VS Code, with comments, inputs and trailing commas", ".vscode/mcp.json",
            "{\n  // our servers\n  \"inputs\": [\n"
                + "    { \"type\": \"promptString\", \"id\": \"pat\", \"password\": true, }, /* ask */\n  ],\n  \"servers\": {\n"
                + "    \"fs\": { \"command\": \"npx\", "
                + "\"args\": [\"-y\", \"@modelcontextprotocol/server-filesystem\", \"${workspaceFolder}\"] },\n"
                + "    // the one to move\n    \"moved\" : ",
            "{\n      \"type\": \"stdio\", // old\n      \"command\": \"docker\",\n      \"args\": [\"run\", \"-i\", \"--rm\", "
                + "\"-e\", \"GITHUB_PERSONAL_ACCESS_TOKEN\", \"ghcr.io/github/github-mcp-server\"],\n"
                + "      \"env\": { \"GITHUB_PERSONAL_ACCESS_TOKEN\": \"${input:pat}\" },\n    }",
            "{\n      \"type\": \"http\",\n      \"url\": \"https://mcp.example.com/mcp\"\n    }",
            ", // after\n  },\n}\n"
        },
        {
            "VS Code's settings.json", ".vscode/settings.json",
            "{\n    \"editor.fontSize\": 14,\n    \"mcp\": {\n        \"servers\": {\n            \"moved\": ",
            "{\n                \"command\": \"uvx\",\n                \"args\": [\"mcp-server-fetch\"]\n            }",
            "{\n                \"type\": \"http\",\n                \"url\": \"https://mcp.example.com/mcp\"\n            }",
            "\n        }\n    },\n    // \"servers\": old\n    \"files.eol\": \"\\n\"\n}"
        },
        {
            "Claude Desktop, which does not support URLs", "claude_desktop_config.json",
            "{\r\n\t\"globalShortcut\": \"\",\r\n\t\"mcpServers\": {\r\n\t\t\"moved\": ",
            "{\r\n\t\t\t\"command\": \"cmd\",\r\n\t\t\t\"args\": [\"/c\", \"npx\", \"-y\", \"@modelcontextprotocol/server-slack\"],\r\n"
                + "\t\t\t\"env\": {\"SLACK_BOT_TOKEN\": \"xoxb-1\"}\r\n\t\t}",
            "{\r\n\t\t\t\"command\": \"npx\",\r\n\t\t\t\"args\": [\r\n"
                + "\t\t\t\t\"-y\",\r\n\t\t\t\t\"mcp-remote\",\r\n\t\t\t\t\"https://mcp.example.com/mcp\"\r\n\t\t\t]\r\n\t\t}",
            "\r\n\t},\r\n\t\"preferences\": { \"sidebarMode\": \"chat\" }\r\n}"
        },
        {
            "Claude Code's project file, on one line", ".mcp.json",
            "{\"mcpServers\":{\"a\":{\"command\":\"a\"},\"moved\":",
            "{\"command\":\"b\",\"args\":[]}",
            "{\"type\":\"http\",\"url\":\"https://mcp.example.com/mcp\"}",
            ",\"c\":{\"type\":\"sse\",\"url\":\"https://c.example.com/sse\"}}}"
        },
        {
            "Claude Code's own file, with servers of one project", ".claude.json",
            "{\n  \"numStartups\": 7,\n  \"projects\": {\n    \"/home/ann/a\": { \"mcpServers\": {} },\n    \"/home/ann/b\": {\n"
                + "      \"allowedTools\": [],\n      \"mcpServers\": {\n        \"moved\": ",
            "{ \"type\": \"stdio\", \"command\": \"b\", \"args\": [], \"env\": {} }",
            "{\n          \"type\": \"http\",\n          \"url\": \"https://mcp.example.com/mcp\"\n        }",
            "\n      },\n      \"history\": [\"ghp_secretsecretsecret\"]\n    }\n  },\n"
                + "  \"mcpServers\": {},\n  \"oauthAccount\": { \"é\": \"ü\" }\n}\n"
        },
        {
            "Cursor, with a byte order mark, Unicode, and the user's settings", ".cursor/mcp.json",
            "\uFEFF{\n  \"mcpServers\": {\n    \"日本語 🦊\": {\"command\": \"x\"},\n    \"moved\": ",
            "{\n      \"command\": \"node\",\n      \"args\": [\"/srv/jira.js\"],\n      \"cwd\": \"/srv\",\n"
                + "      \"disabled\": true,\n      \"autoApprove\": [\"search\"]\n    }",
            "{\n      \"url\": \"https://mcp.example.com/mcp\",\n"
                + "      \"disabled\": true,\n      \"autoApprove\": [\n        \"search\"\n      ]\n    }",
            "\n  }\n}\n"
        },
        {
            "a duplicate name, of which clients use the last", ".cursor/mcp.json",
            "{\"mcpServers\": {\"moved\": {\"command\": \"first\"}, \"moved\": ",
            "{\"command\": \"last\", \"args\": [\"1\"], \"args\": [\"2\"]}",
            "{\"url\":\"https://mcp.example.com/mcp\"}",
            "}}"
        },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_chosen_entry_is_replaced_and_every_other_byte_stays(
        string what, string file, string before, string old, string expected, string after)
    {
        Assert.NotEmpty(what);
        var path = Write(file, before + old + after);

        var (shownExit, shown, _) = await RunAsync(path, "--to", $"moved={Url}");
        Assert.Equal(0, shownExit);
        Assert.Contains("Nothing was written", shown, StringComparison.Ordinal);
        Assert.Equal(before + old + after, Read(path));

        var (exit, output, _) = await RunAsync(path, "--to", $"moved={Url}", "--write");

        Assert.Equal(0, exit);
        Assert.Equal(before + expected + after, Read(path));
        Assert.Equal(before + old + after, Read(path + ".bak"));
        Assert.Contains($"Undo: cp {path}.bak {path}", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Moving_twice_changes_nothing_the_second_time(
        string what, string file, string before, string old, string expected, string after)
    {
        Assert.NotEmpty(what);
        var path = Write(file, before + old + after);
        await RunAsync(path, "--server", "moved", "--url", Url, "--write");

        var (exit, output, _) = await RunAsync(path, "--server", "moved", "--url", Url, "--write");

        Assert.Equal(0, exit);
        Assert.Contains("already uses its URL", output, StringComparison.Ordinal);
        Assert.Equal(before + expected + after, Read(path));
        Assert.False(File.Exists(path + ".bak1"));
    }

    [Fact]
    public async Task Move_of_a_server_that_should_stay_local_gets_a_warning()
    {
        var path = Write(
            ".cursor/mcp.json",
            """{"mcpServers": {"fs": {"command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "/home/ann"]}}}""");

        var (exit, output, _) = await RunAsync(path, "--to", $"fs={Url}");

        Assert.Equal(0, exit);
        Assert.Contains("should stay local (local-files)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_entries_are_moved_with_one_backup_and_other_entries_stay()
    {
        var path = Write(".cursor/mcp.json", """{"mcpServers": {"a": {"command": "a"}, "fs": {"command": "fs"}, "b": {"command": "b"}}}""");

        var (exit, output, _) = await RunAsync("--to", $"a={Url}", "--to", "b=https://b.example.com/mcp", "--write");

        Assert.Equal(0, exit);
        Assert.Equal(
            """{"mcpServers": {"a": {"url":"https://mcp.example.com/mcp"}, "fs": {"command": "fs"},"""
                + """ "b": {"url":"https://b.example.com/mcp"}}}""",
            Read(path));
        Assert.False(File.Exists(path + ".bak1"));
        Assert.DoesNotContain("now use the same URL", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_in_the_home_folder_is_moved_only_once()
    {
        var file = Write("../home/.cursor/mcp.json", """{"mcpServers": {"a": {"command": "x"}}}""");

        var (exit, _, error) = await RunInAsync(Home, "--client", "cursor", "--to", $"a={Url}", "--write");

        Assert.Equal((0, ""), (exit, error));
        Assert.Contains(Url, Read(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_entries_with_the_same_URL_get_a_note()
    {
        Write(".cursor/mcp.json", """{"mcpServers": {"a": {"command": "a"}, "b": {"command": "b"}}}""");

        var (_, output, _) = await RunAsync("--server", "a", "--server", "b", "--url", "http://mcp.example.com/mcp");

        Assert.Contains("'a', 'b' now use the same URL", output, StringComparison.Ordinal);
        Assert.Contains("not encrypted", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_becomes_a_URL_only_if_the_client_supports_URLs()
    {
        const string Entry =
            """{"mcpServers": {"p": {"command": "npx", "args": ["-y", "mcp-remote@latest", "https://mcp.example.com/mcp"]}}}""";
        var cursor = Write(".cursor/mcp.json", Entry);
        var desktop = Write("claude_desktop_config.json", Entry);

        await RunAsync(cursor, "--to", $"p={Url}", "--write");
        var (_, output, _) = await RunAsync(desktop, "--to", $"p={Url}", "--write");

        Assert.Equal("""{"mcpServers": {"p": {"url":"https://mcp.example.com/mcp"}}}""", Read(cursor));
        Assert.Equal(Entry, Read(desktop));
        Assert.Contains("already uses its URL", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removed_settings_are_listed_without_their_values()
    {
        var path = Write(".vscode/mcp.json", """
            {"servers": {"jira": {"command": "npx", "args": ["jira-mcp", "--api-key", "s3cret-one", "--site=acme"], "cwd": "/srv",
              "env": {"JIRA_TOKEN": "s3cret-two", "JIRA_USER": "${input:user}"}, "envFile": ".env", "timeout": 5}}}
            """);

        var (_, output, _) = await RunAsync(path, "--to", $"jira={Url}");

        Assert.Contains("'JIRA_TOKEN' is no longer set on this machine", output, StringComparison.Ordinal);
        Assert.Contains("'JIRA_USER' is no longer set", output, StringComparison.Ordinal);
        Assert.Contains("This entry no longer uses the input 'user'", output, StringComparison.Ordinal);
        Assert.Contains("arguments seem to contain a secret", output, StringComparison.Ordinal);
        Assert.Contains("Removed settings that only local servers use: 'cwd', 'envFile'.", output, StringComparison.Ordinal);
        Assert.Contains("-     \"command\": \"npx\",", output, StringComparison.Ordinal);
        Assert.Contains("+     \"url\": \"https://mcp.example.com/mcp\",", output, StringComparison.Ordinal);
        Assert.Contains("+     \"timeout\": 5", output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JSON_output_has_the_same_content_for_scripts()
    {
        var path = Write(
            ".vscode/mcp.json",
            """{"servers": {"gh": {"command": "npx", "args": ["@modelcontextprotocol/server-github"],"""
                + """ "env": {"GITHUB_TOKEN": "s3cret"}}}}""");

        var (_, text, _) = await RunAsync("--to", $"gh={Url}", "--write", "--json");
        var json = JsonElement.Parse(text);

        Assert.True(json.GetProperty("written").GetBoolean());
        Assert.Equal(path + ".bak", json.GetProperty("backup").GetString());
        var server = json.GetProperty("files")[0].GetProperty("servers")[0];
        Assert.Equal(
            ("gh", "local", true),
            (
                server.GetProperty("name").GetString(),
                server.GetProperty("kind").GetString(),
                server.GetProperty("is_remote_candidate").GetBoolean()));
        Assert.Equal("remote", server.GetProperty("advice").GetProperty("deployment").GetString());
        Assert.Equal("GITHUB_TOKEN", json.GetProperty("moves")[0].GetProperty("environment")[0].GetString());
        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_candidates_are_written_only_after_confirmation()
    {
        const string Before = """
            {"mcpServers": {
              "fs": {"command": "npx", "args": ["@modelcontextprotocol/server-filesystem", "/tmp"]},
              "gh": {"command": "npx", "args": ["@modelcontextprotocol/server-github"]},
              "own": {"command": "our-tool", "env": {"API_KEY": "x"}},
              "far": {"url": "https://far.example.com/mcp"}
            }}
            """;
        var path = Write(".cursor/mcp.json", Before);

        var (shownExit, shown, _) = await RunAsync("--all-remote-candidates", "--url", Url);
        var (refusedExit, _, refused) = await RunAsync("--all-remote-candidates", "--url", Url, "--write");
        Assert.Equal((0, 1), (shownExit, refusedExit));
        Assert.Contains("@@ 'gh'", shown, StringComparison.Ordinal);
        Assert.Contains("only with --yes", refused, StringComparison.Ordinal);
        Assert.Equal(Before, Read(path));

        var (exit, _, _) = await RunAsync("--all-remote-candidates", "--url", Url, "--write", "--yes");

        Assert.Equal(0, exit);
        Assert.Equal(
            Before.Replace(
                """{"command": "npx", "args": ["@modelcontextprotocol/server-github"]}""",
                "{\n    \"url\": \"https://mcp.example.com/mcp\"\n  }",
                StringComparison.Ordinal),
            Read(path));
    }
}
