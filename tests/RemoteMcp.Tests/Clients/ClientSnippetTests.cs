using System.Text;
using System.Text.Json.Nodes;
using RemoteMcp.Clients;
using Xunit;

namespace RemoteMcp.Tests.Clients;

/// <summary>Tests the exact configuration of each client. A change here changes the configuration in users' editors.</summary>
public sealed class ClientSnippetTests
{
    private static readonly HttpServerEntry s_http = new("remote-mcp", new Uri("https://mcp.example.com/mcp?team=a&b=c"));
    private static readonly StdioServerEntry s_stdio = new("files", "/opt/remote mcp/remote-mcp", ["stdio", "--root", "/home/é/my files"]);

    public static TheoryData<string, string> HttpSnippets => new()
    {
        {
            "vscode",
            """
            {
              "servers": {
                "remote-mcp": {
                  "type": "http",
                  "url": "https://mcp.example.com/mcp?team=a&b=c"
                }
              }
            }

            """
        },
        {
            "claude-code",
            """
            {
              "mcpServers": {
                "remote-mcp": {
                  "type": "http",
                  "url": "https://mcp.example.com/mcp?team=a&b=c"
                }
              }
            }

            """
        },
        {
            "claude-desktop",
            """
            {
              "mcpServers": {
                "remote-mcp": {
                  "command": "npx",
                  "args": [
                    "-y",
                    "mcp-remote",
                    "https://mcp.example.com/mcp?team=a&b=c"
                  ]
                }
              }
            }

            """
        },
        {
            "cursor",
            """
            {
              "mcpServers": {
                "remote-mcp": {
                  "url": "https://mcp.example.com/mcp?team=a&b=c"
                }
              }
            }

            """
        },
        {
            "inspector",
            """
            {
              "mcpServers": {
                "remote-mcp": {
                  "type": "http",
                  "url": "https://mcp.example.com/mcp?team=a&b=c"
                }
              }
            }

            """
        },
    };

    [Theory]
    [MemberData(nameof(HttpSnippets))]
    public void The_snippet_for_a_URL(string client, string snippet) =>
        Assert.Equal(snippet, ClientCatalog.Find(client).Snippet(s_http));

    [Theory]
    [InlineData(
        "vscode", "servers", """{"type":"stdio","command":"/opt/remote mcp/remote-mcp","args":["stdio","--root","/home/é/my files"]}""")]
    [InlineData(
        "claude-code",
        "mcpServers",
        """{"type":"stdio","command":"/opt/remote mcp/remote-mcp","args":["stdio","--root","/home/é/my files"]}""")]
    [InlineData(
        "claude-desktop", "mcpServers", """{"command":"/opt/remote mcp/remote-mcp","args":["stdio","--root","/home/é/my files"]}""")]
    [InlineData("cursor", "mcpServers", """{"command":"/opt/remote mcp/remote-mcp","args":["stdio","--root","/home/é/my files"]}""")]
    [InlineData(
        "inspector",
        "mcpServers",
        """{"type":"stdio","command":"/opt/remote mcp/remote-mcp","args":["stdio","--root","/home/é/my files"]}""")]
    public void The_snippet_for_a_command(string client, string section, string entry)
    {
        var snippet = JsonNode.Parse(ClientCatalog.Find(client).Snippet(s_stdio));

        Assert.True(JsonNode.DeepEquals(new JsonObject { [section] = new JsonObject { ["files"] = JsonNode.Parse(entry) } }, snippet));
    }

    [Fact]
    public void Every_snippet_is_strict_JSON_with_only_the_section_and_the_entry() =>
        Assert.All(ClientCatalog.All, client =>
        {
            var root = JsonNode.Parse(client.Snippet(s_http))!.AsObject();
            Assert.Equal([client.Section], root.Select(property => property.Key));
            Assert.Equal(["remote-mcp"], root[client.Section]!.AsObject().Select(property => property.Key));
        });

    [Theory]
    [InlineData("http://localhost:7071/mcp", false)]
    [InlineData("http://127.0.0.1:7071/mcp", false)]
    [InlineData("https://mcp.example.com/mcp", false)]
    [InlineData("http://[::1]:7071/mcp", true)]
    [InlineData("http://mcp.example.com/mcp", true)]
    public void Claude_Desktop_proxy_gets_allow_http_only_where_it_would_refuse_http(string url, bool allow)
    {
        var arguments = new ClaudeDesktop().Configuration(new HttpServerEntry("a", new Uri(url)))["args"]!.AsArray();

        Assert.Equal(allow, arguments.Any(argument => (string?)argument == "--allow-http"));
    }

    [Fact]
    public void VS_Codes_install_link_carries_the_entry_and_its_name_as_JSON()
    {
        var link = new VsCode().InstallLink(s_http)!;

        const string Start = "vscode:mcp/install?";
        Assert.StartsWith(Start, link, StringComparison.Ordinal);
        Assert.DoesNotContain('"', link);
        Assert.DoesNotContain('&', link);
        Assert.Equal(
            """{"name":"remote-mcp","type":"http","url":"https://mcp.example.com/mcp?team=a&b=c"}""",
            Uri.UnescapeDataString(link[Start.Length..]));
    }

    [Fact]
    public void Cursors_install_link_carries_the_entry_as_Base64()
    {
        var link = new Cursor().InstallLink(s_http with { Name = "a b&c" })!;

        const string Start = "cursor://anysphere.cursor-deeplink/mcp/install?name=a%20b%26c&config=";
        Assert.StartsWith(Start, link, StringComparison.Ordinal);
        Assert.Equal(
            """{"url":"https://mcp.example.com/mcp?team=a&b=c"}""",
            Encoding.UTF8.GetString(Convert.FromBase64String(Uri.UnescapeDataString(link[Start.Length..]))));
    }

    [Fact]
    public void Only_VS_Code_and_Cursor_document_install_links() =>
        Assert.Equal(
            ["vscode", "cursor"], ClientCatalog.All.Where(client => client.InstallLink(s_http) is not null).Select(client => client.Id));

    [Theory]
    [InlineData("claude-code", "claude mcp add --transport http remote-mcp http://127.0.0.1:7071/mcp")]
    [InlineData("inspector", "npx @modelcontextprotocol/inspector --transport http --server-url http://127.0.0.1:7071/mcp")]
    [InlineData("vscode", null)]
    public void The_command_line_for_a_URL(string client, string? command) =>
        Assert.Equal(
            command, ClientCatalog.Find(client).CommandLine(new HttpServerEntry("remote-mcp", new Uri("http://127.0.0.1:7071/mcp"))));

    [Theory]
    [InlineData("claude-code", "claude mcp add --transport stdio files -- /usr/bin/remote-mcp stdio --root /srv")]
    [InlineData("inspector", "npx @modelcontextprotocol/inspector -- /usr/bin/remote-mcp stdio --root /srv")]
    [InlineData("cursor", null)]
    public void The_command_line_for_a_command(string client, string? command) => Assert.Equal(
        command, ClientCatalog.Find(client).CommandLine(new StdioServerEntry("files", "/usr/bin/remote-mcp", ["stdio", "--root", "/srv"])));

    [Theory]
    [InlineData("plain-1.0:/@x", "plain-1.0:/@x", "plain-1.0:/@x")]
    [InlineData("", "''", "\"\"")]
    [InlineData("a b", "'a b'", "\"a b\"")]
    [InlineData("$(rm -rf ~);`x`&|\n", "'$(rm -rf ~);`x`&|\n'", "\"$(rm -rf ~);`x`&|\n\"")]
    [InlineData("it's", "'it'\\''s'", "\"it's\"")]
    [InlineData("C:\\a\"b", "'C:\\a\"b'", "\"C:\\a\\\"b\"")]
    public void A_word_of_a_command_line_stays_one_word(string word, string posix, string windows)
    {
        Assert.Equal(posix, Shell.Join([word], windows: false));
        Assert.Equal(windows, Shell.Join([word], windows: true));
    }
}
