using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Emulators;
using RemoteMcp.Tests.AuthorizationServer.Clients;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Tests clients whose metadata document changes while a person signs in.</summary>
public sealed class ChangedClientTests : SignInServer
{
    private static readonly Dictionary<string, Func<HttpResponseMessage>> s_changes = new()
    {
        ["the document is gone"] = static () => new(HttpStatusCode.NotFound),
        ["the host does not respond"] = static () => throw new HttpRequestException("No route to host"),
        ["the document is malformed"] = static () => TestClients.Response("<html>"),
        ["the document belongs to another client"] = static () => TestClients.Response(TestClients.Document("https://evil.example/client")),
        ["the redirect URI is gone"] = static () => TestClients.Response(
            TestClients.Document().Replace("/callback", "/other", StringComparison.Ordinal)),
        ["the document has a secret"] = static () => TestClients.Response(TestClients.Document(members: ""","client_secret":"x" """)),
    };

    private readonly EmulatorClock _clock = new(TimeProvider.System);
    private Func<HttpResponseMessage> _document = static () => TestClients.Response(TestClients.Document());

    public static TheoryData<string> Changes => [.. s_changes.Keys];

    protected override TimeProvider Time => _clock;

    [Fact]
    public async Task Client_with_a_document_signs_in()
    {
        using var client = Client();
        client.ClientId = TestClients.Url;

        Assert.Equal(HttpStatusCode.OK, (await client.SignInAsync()).Status);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_before_the_return_from_entra_gets_a_page(string change)
    {
        using var client = Client();
        client.ClientId = TestClients.Url;
        var callback = await AttackedSignIn.StopAtCallbackAsync(client);
        Apply(change);

        AttackedSignIn.AssertRefused(await client.Browser.GoAsync(callback));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_before_the_consent_gets_a_page(string change)
    {
        using var client = Client();
        client.ClientId = TestClients.Url;
        var page = await client.Browser.GoAsync(client.AuthorizeUrl());
        Assert.Contains("client.example.com", page.Text, StringComparison.Ordinal);
        Apply(change);

        AttackedSignIn.AssertRefused(await client.Browser.SubmitAsync(page, "approve"));
    }

    private protected override void AddTools(IMcpServerBuilder server)
    {
        base.AddTools(server);
        server.Services.AddSingleton(TestClients.Documents(new StubHandler(_ => WithoutCache(_document())), _clock));
    }

    // The server keeps every document for 5 minutes.
    private void Apply(string change)
    {
        _document = s_changes[change];
        _clock.Advance(TimeSpan.FromMinutes(6));
    }

    private static HttpResponseMessage WithoutCache(HttpResponseMessage response)
    {
        response.Headers.TryAddWithoutValidation("Cache-Control", "no-cache");
        return response;
    }
}
