using System.Text.Json;
using RemoteMcp.Cli.Migration;
using RemoteMcp.Tools.Advice;
using Xunit;

namespace RemoteMcp.Tests.Migration;

/// <summary>Tests the assessment of servers from their configuration entries.</summary>
public sealed class AssessmentTests : MigrateFixture
{
    [Theory]
    [InlineData("local", """{"command":"npx","args":["-y","@modelcontextprotocol/server-filesystem","/home/ann"]}""")]
    [InlineData("local", """{"command":"npx.cmd","args":["-y","@modelcontextprotocol/server-filesystem@2025.1.1","C:\\Users\\ann"]}""")]
    [InlineData("local", """{"command":"uvx","args":["mcp-server-git","--repository","."]}""")]
    [InlineData("local", """{"command":"uvx","args":["--from","git+https://example.com/x","mcp-server-sqlite","--db-path","a.db"]}""")]
    [InlineData("local", """{"command":"uv","args":["tool","run","mcp-server-sqlite==1.0","--db-path","a.db"]}""")]
    [InlineData("local", """{"command":"npx","args":["@modelcontextprotocol/server-postgres","postgresql://localhost/dev"]}""")]
    [InlineData("remote", """{"command":"npx","args":["@modelcontextprotocol/server-postgres","postgresql://db.example.com/prod"]}""")]
    [InlineData("local", """{"command":"npx","args":["postgres-mcp"],"env":{"DATABASE_URL":"postgres://u:p@127.0.0.1/dev"}}""")]
    [InlineData(
        "remote",
        """{"command":"docker","args":["run","-i","--rm","-e","GITHUB_PERSONAL_ACCESS_TOKEN","ghcr.io/github/github-mcp-server:v1"]}""")]
    [InlineData("remote", """{"command":"docker","args":["run","-i","--rm","mcp/slack@sha256:00"]}""")]
    [InlineData("hybrid", """{"command":"docker","args":["run","-i","-v","/home/ann:/data","mcp/gitlab"]}""")]
    [InlineData("local", """{"command":"npx","args":["@playwright/mcp@latest"]}""")]
    [InlineData("local", """{"command":"npx","args":["chrome-devtools-mcp"]}""")]
    [InlineData("remote", """{"command":"npx","args":["-y","@azure/mcp@latest","server","start"]}""")]
    [InlineData("remote", """{"command":"pipx","args":["run","mcp-server-bigquery"]}""")]
    [InlineData("remote", """{"command":"cmd","args":["/c","npx","-y","@gongrzhe/server-gmail-autoauth-mcp"]}""")]
    [InlineData("remote", """{"command":"bunx","args":["@notionhq/notion-mcp-server"]}""")]
    [InlineData("remote", """{"command":"python","args":["-m","mcp_server_fetch"]}""")]
    [InlineData("remote", """{"command":"npx","args":["e2b-mcp"]}""")]
    [InlineData("local", """{"command":"npx","args":["@modelcontextprotocol/server-memory"]}""")]
    [InlineData("local", """{"command":"/opt/tool","args":["--root","/srv/data"]}""")]
    [InlineData("remote", """{"command":"/opt/tool","env":{"ACME_API_KEY":"x"}}""")]
    [InlineData("none", """{"command":"/opt/tool"}""")]
    [InlineData("none", """{"command":"uvx","args":["mcp-server-time"]}""")]
    [InlineData("none", """{"command":"npx","args":["-y"]}""")]
    public void Server_is_recognized_by_its_package_image_or_arguments(string expected, string entry) =>
        Assert.Equal(expected, Assess(entry).Advice is { } advice ? NeedNames.Of(advice.Deployment) : "none");

    [Fact]
    public void Unrecognized_server_is_not_a_remote_candidate()
    {
        Assert.True(Assess("""{"command":"npx","args":["@modelcontextprotocol/server-github"]}""").IsRemoteCandidate);
        Assert.False(Assess("""{"command":"/opt/tool","env":{"ACME_API_KEY":"x"}}""").IsRemoteCandidate);
    }

    [Fact]
    public async Task Report_shows_the_servers_of_every_client_with_the_reasons()
    {
        Write(".vscode/mcp.json", """{"servers": {"fs": {"command": "npx", "args": ["@modelcontextprotocol/server-filesystem", "."]}}}""");
        Write(
            ".cursor/mcp.json",
            """{"mcpServers": {"gh": {"command": "npx", "args": ["@modelcontextprotocol/server-github"]},"""
                + """ "far": {"url": "https://far.example.com/mcp"}}}""");
        Write(
            "../home/.claude.json",
            """{"mcpServers": {"own": {"command": "our-tool"}, "clock": {"command": "uvx", "args": ["mcp-server-time"]}}}""");

        var (exit, output, error) = await RunAsync();

        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("'fs': npx @modelcontextprotocol/server-filesystem .", output, StringComparison.Ordinal);
        Assert.Contains("stays local", output, StringComparison.Ordinal);
        Assert.Contains("- local-files: A server elsewhere cannot see", output, StringComparison.Ordinal);
        Assert.Contains("could be remote", output, StringComparison.Ordinal);
        Assert.Contains("its vendor hosts it at https://api.githubcopilot.com/mcp/", output, StringComparison.Ordinal);
        Assert.Contains("remote  'far': https://far.example.com/mcp", output, StringComparison.Ordinal);
        Assert.Contains("not known to this program", output, StringComparison.Ordinal);
        Assert.Contains("could be anywhere", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--client", "cursor", "gh", "fs")]
    [InlineData("--scope", "user", "own", "gh")]
    public async Task Clients_and_scopes_can_be_chosen(string option, string value, string shown, string notShown)
    {
        Write(".vscode/mcp.json", """{"servers": {"fs": {"command": "fs"}}}""");
        Write(".cursor/mcp.json", """{"mcpServers": {"gh": {"command": "gh"}}}""");
        Write("../home/.claude.json", """{"mcpServers": {"own": {"command": "own"}}}""");

        var (_, output, _) = await RunAsync(option, value);

        Assert.Contains($"'{shown}'", output, StringComparison.Ordinal);
        Assert.DoesNotContain($"'{notShown}'", output, StringComparison.Ordinal);
    }

    private static Assessment Assess(string entry) => Assessment.Of(EntryReader.Read(["mcpServers"], "x", JsonElement.Parse(entry)));
}
