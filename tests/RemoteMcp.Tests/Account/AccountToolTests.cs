using System.Net;
using Microsoft.Extensions.Options;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Tests.Auth.Cloud;
using RemoteMcp.Tests.Tools;
using RemoteMcp.Tools.Account;
using Xunit;

namespace RemoteMcp.Tests.Account;

/// <summary>Tests the results of the account tools, and their errors when Graph fails.</summary>
[Collection(nameof(NonParallel))]
public sealed class AccountToolTests : CloudSignIn
{
    private Func<HttpResponseMessage>? _graph;

    [Fact]
    public async Task Whoami_returns_person_tenant_client_and_scopes()
    {
        var answer = await CallAsync(await SignInAsync(Sample.Adele), "whoami");

        var who = answer.Result["structuredContent"]!;
        Assert.Equal("user", (string)who["kind"]!);
        Assert.Equal("Adele Vance", (string)who["name"]!);
        Assert.Equal(Sample.Adele.PrincipalName, (string)who["username"]!);
        Assert.Equal(Sample.Adele.ObjectId, (string)who["object_id"]!);
        Assert.Equal(SampleDirectory.ContosoId, (string)who["tenant_id"]!);
        Assert.Equal(SampleDirectory.DesktopClientId, (string)who["client_id"]!);
        Assert.Equal("Mcp.Use", (string)who["scopes"]!.AsArray().Single()!);
        Assert.Contains("Adele Vance (adele@contoso.example", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoami_returns_an_app_and_its_roles()
    {
        var answer = await CallAsync(AppToken("Mcp.Invoke"), "whoami");

        Assert.Equal("app", (string)answer.Result["structuredContent"]!["kind"]!);
        Assert.Equal("Mcp.Invoke", (string)answer.Result["structuredContent"]!["roles"]!.AsArray().Single()!);
        Assert.Contains("without a user", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoami_over_stdio_returns_the_local_user()
    {
        await using var server = await ToolServer.StartAsync();

        var who = await server.AnswerAsync("whoami", new { });

        Assert.Equal("local", who.GetProperty("kind").GetString());
        Assert.False(who.TryGetProperty("object_id", out _));
    }

    [Fact]
    public async Task Profile_has_the_values_of_the_directory()
    {
        var profile = (await CallAsync(await SignInAsync(Sample.Adele))).Result["structuredContent"]!;

        Assert.Equal(Sample.Adele.ObjectId, (string)profile["id"]!);
        Assert.Equal("Retail Manager", (string)profile["job_title"]!);
        Assert.Equal(Sample.Adele.PrincipalName, (string)profile["user_principal_name"]!);
        Assert.Null(profile["department"]);
    }

    [Fact]
    public async Task Graph_call_is_retried_after_a_short_delay()
    {
        Emulator.GraphThrottle.Throttle(requests: 1, TimeSpan.FromSeconds(1));

        Assert.Equal("Adele Vance", (await CallAsync(await SignInAsync(Sample.Adele))).Name);
    }

    [Fact]
    public async Task Long_delay_of_Graph_is_reported_without_waiting()
    {
        Emulator.GraphThrottle.Throttle(requests: 100, TimeSpan.FromSeconds(120));

        Assert.Contains("Try again in 120 s", (await CallAsync(await SignInAsync(Sample.Adele))).Refusal, StringComparison.Ordinal);
        Assert.Equal(1, Emulator.Requests.CountOf("/v1.0/me"));
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "", "busy (503)")]
    [InlineData(HttpStatusCode.Unauthorized, "", "sign in again")]
    [InlineData(HttpStatusCode.Forbidden, "", "delegated permission User.Read")]
    [InlineData(HttpStatusCode.NotFound, "", "no profile for this account")]
    [InlineData(HttpStatusCode.Redirect, "", "unexpected status 302")]
    [InlineData(HttpStatusCode.OK, "<html>", "not a profile")]
    [InlineData(HttpStatusCode.OK, "[]", "not a profile")]
    [InlineData(HttpStatusCode.OK, "{}", "not a profile")]
    public async Task Unexpected_response_of_Graph_is_explained(HttpStatusCode status, string body, string told)
    {
        _graph = () => new HttpResponseMessage(status) { Content = new StringContent(body) };

        Assert.Contains(told, (await CallAsync(await SignInAsync(Sample.Adele))).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unreachable_Graph_is_reported()
    {
        _graph = static () => throw new HttpRequestException("refused");

        Assert.Contains("does not answer", (await CallAsync(await SignInAsync(Sample.Adele))).Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://graph.microsoft.com/v1.0", null, "GraphEndpoint is 'http://graph.microsoft.com/v1.0'")]
    [InlineData("graph", null, "GraphEndpoint is 'graph'")]
    [InlineData("https://graph.microsoft.com/v1.0", "ftp://x", "GraphResource is 'ftp://x'")]
    public void Invalid_setting_is_reported_with_its_value(string endpoint, string? resource, string told) => Assert.Contains(
        told,
        new AccountOptionsValidator().Validate(
            Options.DefaultName, new AccountOptions { GraphEndpoint = endpoint, GraphResource = resource }).FailureMessage,
        StringComparison.Ordinal);

    protected override HttpMessageHandler CreateGraphHandler() => new Interruption(this) { InnerHandler = base.CreateGraphHandler() };

    private sealed class Interruption(AccountToolTests tests) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            tests._graph is { } answer ? Task.FromResult(answer()) : base.SendAsync(request, cancellationToken);
    }
}
