using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth.Permissions;

/// <summary>A call beyond its token is answered with what the call needs, and each request is judged by its own token.</summary>
public sealed class PermissionCallTests : GuardedServer
{
    private protected override void AddTools(IMcpServerBuilder server)
    {
        base.AddTools(server);
        server.WithTools(
        [
            McpServerTool.Create([RequiresRole("Mcp.Admin")] () => Vault.Jewels, new() { Name = "from_lambda" }),
            McpServerTool.Create(static () => Vault.Jewels, new() { Name = "from_metadata", Metadata = [new RequiresRoleAttribute("Mcp.Admin")] }),
        ]);
    }

    [Theory]
    [InlineData("tools/call", "\"name\":\"publish_notes\"", "Mcp.Use Files.Write Files.Read")]
    [InlineData("tools/call", "\"name\":\"write_notes\"", "Mcp.Use Files.Write")]
    [InlineData("prompts/get", "\"name\":\"postmortem\",\"arguments\":{\"about\":\"a ring\"}", "Mcp.Use Files.Read")]
    [InlineData("resources/read", "\"uri\":\"notes://secret\"", "Mcp.Use Files.Read")]
    [InlineData("resources/read", "\"uri\":\"notes://archive/1\"", "Mcp.Use Files.Read")]
    [InlineData("completion/complete", "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"postmortem\"},\"argument\":{\"name\":\"about\",\"value\":\"\"}", "Mcp.Use Files.Read")]
    [InlineData("completion/complete", "\"ref\":{\"type\":\"ref/resource\",\"uri\":\"notes://archive/{name}\"},\"argument\":{\"name\":\"name\",\"value\":\"\"}", "Mcp.Use Files.Read")]
    public async Task A_call_beyond_its_token_names_every_scope_that_it_needs_and_succeeds_with_them(string method, string parameters, string needed)
    {
        using var refused = await SendAsync(Stateless(method, parameters), WithScopes());
        Assert.Equal(needed.Split(' ').Order(), (await ChallengeAsync(refused)).Scopes.Order());
        Assert.Empty(Vault.Opened);

        var session = await BeginSessionAsync(WithScopes());
        using var refusedAgain = await SendAsync(Messages.Post(Request(method, parameters), session), WithScopes());
        Assert.Equal("application/json", refusedAgain.Content.Headers.ContentType?.MediaType);
        Assert.Equal(1, (int?)(await refusedAgain.ReadMessageAsync())["id"]);
        Assert.Equal(needed.Split(' ').Order(), (await ChallengeAsync(refusedAgain)).Scopes.Order());
        Assert.Empty(Vault.Opened);

        // Stepping up: the same caller, the same session, another token.
        var strong = Token(("scp", needed));
        Assert.Contains(Vault.Jewels, (await AnswerAsync(Messages.Post(Request(method, parameters), session), strong)).ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(Vault.Jewels, (await AnswerAsync(Stateless(method, parameters), strong)).ToJsonString(), StringComparison.Ordinal);

        // And down again.
        using var weakAgain = await SendAsync(Messages.Post(Request(method, parameters), session), WithScopes());
        Assert.Equal(HttpStatusCode.Forbidden, weakAgain.StatusCode);
    }

    [Theory]
    [InlineData("administer")]
    [InlineData("open_drawer")]
    [InlineData("from_lambda")]
    [InlineData("from_metadata")]
    public async Task Who_lacks_a_role_is_told_its_name_and_whom_to_ask(string tool)
    {
        using var refused = await SendAsync(Messages.PostStateless(Messages.StatelessCall(tool)), WithScopes("Files.Read", "Files.Write"));

        Assert.Equal("Forbidden: the caller lacks the app role Mcp.Admin: ask your administrator to assign it.", (await ChallengeAsync(refused)).Description);
        Assert.Contains(Vault.Jewels, (await AnswerAsync(Messages.PostStateless(Messages.StatelessCall(tool)), Token(("roles", new[] { "Mcp.Admin" })))).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_needs_the_role_that_stands_for_the_scope()
    {
        using var refused = await SendAsync(Messages.PostStateless(Messages.StatelessCall("write_notes")), AppToken("Mcp.Invoke"));

        Assert.Equal("Forbidden: the caller lacks the app role Files.Write.All: ask your administrator to assign it.", (await ChallengeAsync(refused)).Description);
        Assert.Contains(Vault.Jewels, (await AnswerAsync(Messages.PostStateless(Messages.StatelessCall("write_notes")), AppToken("Mcp.Invoke", "Files.Write.All"))).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_cannot_call_what_is_for_people()
    {
        using var refused = await SendAsync(Messages.PostStateless(Messages.StatelessCall("publish_notes")), AppToken("Mcp.Invoke", "Files.Write.All", "Mcp.Admin"));

        Assert.Contains("only a signed-in user", (await ChallengeAsync(refused)).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_tool_is_still_unknown()
    {
        var answer = await AnswerAsync(Messages.PostStateless(Messages.StatelessCall("no_such_tool")), WithScopes());

        Assert.Equal(-32602, (int?)answer["error"]!["code"]);
        Assert.Contains("Unknown tool", (string?)answer["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_message_of_a_batch_is_judged()
    {
        var batch = $"[{Messages.Call("read_notes", id: "1")},{Messages.Call("write_notes", id: "2")},{Messages.Call("administer", id: "3")}]";
        using var initialized = await SendAsync(Messages.Post(Messages.Initialize("2025-03-26")), WithScopes());
        using var response = await SendAsync(Messages.Post(batch, initialized.Headers.GetValues("Mcp-Session-Id").Single()), WithScopes());
        var body = await response.Content.ReadAsStringAsync(Cancelled);

        Assert.Contains("notes", body, StringComparison.Ordinal);
        Assert.Contains("lacks the scope Files.Write", body, StringComparison.Ordinal);
        Assert.Contains("lacks the app role Mcp.Admin", body, StringComparison.Ordinal);
        Assert.Empty(Vault.Opened);
    }
}
