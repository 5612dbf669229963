using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.DataProtection;
using RemoteMcp.Storage;
using RemoteMcp.Testing.Http;
using RemoteMcp.Testing.SignIn;
using RemoteMcp.Tests.DataProtection;
using RemoteMcp.Tests.Storage;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Tests that an outage of the storage gets 503 at each step, and that the client can continue afterwards.</summary>
public sealed class StorageOutageTests : SignInServer
{
    private readonly ControlledStore _store = new(new MemoryStateStore(TimeProvider.System));

    public StorageOutageTests() => Store = _store;

    [Fact]
    public async Task Code_and_refresh_token_work_after_the_outage()
    {
        using var client = await Client().RegisterAsync();
        var code = (await client.AuthorizeAsync())["code"];

        _store.IsDown = true;
        AssertUnavailable(await client.RedeemAsync(code));
        _store.IsDown = false;
        var tokens = await client.RedeemAsync(code);
        _store.IsDown = true;
        AssertUnavailable(await client.RefreshAsync(tokens.RefreshToken));
        _store.IsDown = false;

        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(tokens.RefreshToken)).Status);
    }

    [Fact]
    public async Task Browser_gets_503_and_can_try_again()
    {
        using var client = await Client().RegisterAsync();
        var callback = await AttackedSignIn.StopAtCallbackAsync(client);
        _store.IsDown = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.Browser.GoAsync(callback)).Status);
        _store.IsDown = false;
        var page = await client.Browser.GoAsync(client.AuthorizeUrl());
        _store.IsDown = true;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.Browser.SubmitAsync(page, "approve")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.Browser.SubmitAsync(page, "cancel")).Status);
        _store.IsDown = false;
        Assert.NotNull((await client.Browser.SubmitAsync(page, "approve")).Parameters["code"]);
    }

    [Fact]
    public async Task Page_with_connections_gets_503()
    {
        using var client = await Client().RegisterAsync();
        var url = new Uri(Server.Url, "/oauth/connections");
        Assert.Equal(HttpStatusCode.OK, (await client.Browser.GoAsync(url)).Status);
        _store.IsDown = true;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.Browser.GoAsync(url)).Status);
    }

    [Fact]
    public async Task Steps_without_storage_work_during_the_outage()
    {
        using var client = await Client().RegisterAsync();
        var tokens = await client.SignInAsync();
        _store.IsDown = true;

        using var call = await SendAsync(Messages.PostStateless(Messages.StatelessCall("echo", """{"text":"x"}""")), tokens.AccessToken);
        using var keys = await client.GetAsync("/oauth/jwks");
        using var other = await Client().RegisterAsync();
        using var authorize = await other.GetAsync(other.AuthorizeUrl().PathAndQuery);

        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
        Assert.Equal(HttpStatusCode.OK, keys.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, authorize.StatusCode);
    }

    [Fact]
    public async Task New_instance_gets_503_at_each_endpoint()
    {
        using var client = await Client().RegisterAsync();
        var tokens = await client.SignInAsync();
        _store.IsDown = true;
        await using var cold = await StartServerAsync(Settings);
        using var elsewhere = ClientOf(cold);
        elsewhere.ClientId = client.ClientId;
        using var call = Messages.PostStateless(Messages.StatelessListTools).WithToken(tokens.AccessToken);
        call.Headers.Host = Server.Url.Authority;

        using var called = await cold.Client.SendAsync(call, Cancelled);
        using var keys = await elsewhere.GetAsync("/oauth/jwks");
        using var authorize = await elsewhere.GetAsync(client.AuthorizeUrl().PathAndQuery);
        using var connections = await elsewhere.GetAsync("/oauth/connections");
        using var callback = await elsewhere.GetAsync("/oauth/callback?state=AAAA&code=b");
        using var registered = await cold.Client.PostAsync(
            "/oauth/register", new StringContent("""{"redirect_uris":["http://127.0.0.1/"]}""", null, "application/json"), Cancelled);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, called.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, keys.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, authorize.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, connections.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, callback.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, registered.StatusCode);
        AssertUnavailable(await elsewhere.RefreshAsync(tokens.RefreshToken));
    }

    [Fact]
    public async Task Keys_in_memory_stay_valid_when_they_cannot_be_read_again()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var instance = new FleetInstance(_store);
        using var keys = new SigningKeys(_store, instance.Ring, time, NullLogger<SigningKeys>.Instance);
        var key = await keys.GetCurrentAsync(Cancelled);
        _store.IsDown = true;

        time.Advance(TimeSpan.FromMinutes(16));
        var configuration = await keys.GetBaseConfigurationAsync(Cancelled);
        Assert.Equal(key.Key.KeyId, Assert.Single(configuration.SigningKeys).KeyId);
        keys.RequestRefresh();
        time.Advance(TimeSpan.FromMinutes(1));
        keys.RequestRefresh();
        Assert.Single((await keys.GetBaseConfigurationAsync(Cancelled)).SigningKeys);

        _store.IsDown = false;
        _store.Forget();
        time.Advance(TimeSpan.FromSeconds(11));
        await keys.GetBaseConfigurationAsync(Cancelled);
        Assert.Equal(["QUERY Keys"], _store.Requests);
    }

    private static void AssertUnavailable(TokenResponse response)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.Status);
        Assert.Equal("temporarily_unavailable", response.Error);
    }
}
