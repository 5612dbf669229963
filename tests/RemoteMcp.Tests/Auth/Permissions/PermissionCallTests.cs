using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth.Permissions;

/// <summary>
/// Tests that the refusal of a call names the missing permissions, and that the server checks the token of each request separately.
/// </summary>
public sealed class PermissionCallTests : GuardedServer
{
    private protected override void AddTools(IMcpServerBuilder server)
    {
        base.AddTools(server);
        server.WithTools(
        [
            McpServerTool.Create([RequiresRole("Mcp.Admin")] () => GuardedCode.Secret, new() { Name = "from_lambda" }),
            McpServerTool.Create(static () => GuardedCode.Secret,
                new() { Name = "from_metadata", Metadata = [new RequiresRoleAttribute("Mcp.Admin")] }),
        ]);
    }

    [Theory]
    [InlineData("tools/call", "\"name\":\"publish_notes\"", "Mcp.Use Files.Write Files.Read")]
    [InlineData("tools/call", "\"name\":\"write_notes\"", "Mcp.Use Files.Write")]
    [InlineData("prompts/get", "\"name\":\"postmortem\",\"arguments\":{\"about\":\"a ring\"}", "Mcp.Use Files.Read")]
    [InlineData("resources/read", "\"uri\":\"notes://secret\"", "Mcp.Use Files.Read")]
    [InlineData("resources/read", "\"uri\":\"notes://archive/1\"", "Mcp.Use Files.Read")]
    [InlineData(
        "completion/complete",
        "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"postmortem\"},\"argument\":{\"name\":\"about\",\"value\":\"\"}",
        "Mcp.Use Files.Read")]
    [InlineData(
        "completion/complete",
        "\"ref\":{\"type\":\"ref/resource\",\"uri\":\"notes://archive/{name}\"},\"argument\":{\"name\":\"name\",\"value\":\"\"}",
        "Mcp.Use Files.Read")]
    public async Task Refused_call_names_every_needed_scope_and_succeeds_with_them(string method, string parameters, string needed)
    {
        using var refused = await SendAsync(Stateless(method, parameters), WithScopes());
        Assert.Equal(needed.Split(' ').Order(), (await ChallengeAsync(refused)).Scopes.Order());
        Assert.Empty(GuardedCode.Calls);

        var session = await BeginSessionAsync(WithScopes());
        using var refusedAgain = await SendAsync(Messages.Post(Request(method, parameters), session), WithScopes());
        Assert.Equal("application/json", refusedAgain.Content.Headers.ContentType?.MediaType);
        Assert.Equal(1, (int?)(await refusedAgain.ReadMessageAsync())["id"]);
        Assert.Equal(needed.Split(' ').Order(), (await ChallengeAsync(refusedAgain)).Scopes.Order());
        Assert.Empty(GuardedCode.Calls);

        // The same caller sends a token with more permissions in the same session.
        var strong = Token(("scp", needed));
        Assert.Contains(GuardedCode.Secret,
            (await AnswerAsync(Messages.Post(Request(method, parameters), session), strong)).ToJsonString(),
            StringComparison.Ordinal);
        Assert.Contains(GuardedCode.Secret,
            (await AnswerAsync(Stateless(method, parameters), strong)).ToJsonString(), StringComparison.Ordinal);

        // The same caller sends the first token again.
        using var weakAgain = await SendAsync(Messages.Post(Request(method, parameters), session), WithScopes());
        Assert.Equal(HttpStatusCode.Forbidden, weakAgain.StatusCode);
    }

    [Theory]
    [InlineData("administer")]
    [InlineData("open_drawer")]
    [InlineData("from_lambda")]
    [InlineData("from_metadata")]
    public async Task Caller_without_a_role_gets_its_name_and_who_can_assign_it(string tool)
    {
        using var refused = await SendAsync(Messages.PostStateless(Messages.StatelessCall(tool)), WithScopes("Files.Read", "Files.Write"));

        Assert.Equal(
            "Forbidden: the caller lacks the app role Mcp.Admin: ask your administrator to assign it.",
            (await ChallengeAsync(refused)).Description);
        var answer = await AnswerAsync(Messages.PostStateless(Messages.StatelessCall(tool)), Token(("roles", new[] { "Mcp.Admin" })));
        Assert.Contains(GuardedCode.Secret, answer.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_needs_the_app_role_that_corresponds_to_the_scope()
    {
        using var refused = await SendAsync(Messages.PostStateless(Messages.StatelessCall("write_notes")), AppToken("Mcp.Invoke"));

        Assert.Equal(
            "Forbidden: the caller lacks the app role Files.Write.All: ask your administrator to assign it.",
            (await ChallengeAsync(refused)).Description);
        var answer = await AnswerAsync(
            Messages.PostStateless(Messages.StatelessCall("write_notes")), AppToken("Mcp.Invoke", "Files.Write.All"));
        Assert.Contains(GuardedCode.Secret, answer.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_cannot_call_a_tool_for_users_only()
    {
        using var refused = await SendAsync(
            Messages.PostStateless(Messages.StatelessCall("publish_notes")), AppToken("Mcp.Invoke", "Files.Write.All", "Mcp.Admin"));

        Assert.Contains("only a signed-in user", (await ChallengeAsync(refused)).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_tool_gets_invalid_params_error()
    {
        var answer = await AnswerAsync(Messages.PostStateless(Messages.StatelessCall("no_such_tool")), WithScopes());

        Assert.Equal(-32602, (int?)answer["error"]!["code"]);
        Assert.Contains("Unknown tool", (string?)answer["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_message_of_a_batch_is_authorized_separately()
    {
        var batch = $"[{Messages.Call("read_notes", id: "1")},{Messages.Call("write_notes", id: "2")},"
            + $"{Messages.Call("administer", id: "3")}]";
        using var initialized = await SendAsync(Messages.Post(Messages.Initialize("2025-03-26")), WithScopes());
        using var response = await SendAsync(Messages.Post(batch, initialized.Headers.GetValues("Mcp-Session-Id").Single()), WithScopes());
        var body = await response.Content.ReadAsStringAsync(Cancelled);

        Assert.Contains("notes", body, StringComparison.Ordinal);
        Assert.Contains("lacks the scope Files.Write", body, StringComparison.Ordinal);
        Assert.Contains("lacks the app role Mcp.Admin", body, StringComparison.Ordinal);
        Assert.Empty(GuardedCode.Calls);
    }
}
