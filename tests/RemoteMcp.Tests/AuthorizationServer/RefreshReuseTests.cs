using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.AuthorizationServer.Grants;
using RemoteMcp.Emulators;
using RemoteMcp.Storage;
using RemoteMcp.Testing.Http;
using RemoteMcp.Testing.SignIn;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Tests the reuse of refresh tokens, on two instances that share a store.</summary>
public sealed class RefreshReuseTests : SignInServer
{
    private readonly EmulatorClock _clock = new(TimeProvider.System);

    public RefreshReuseTests() => Store = new MemoryStateStore(_clock);

    protected override TimeProvider Time => _clock;

    private GrantStore Grants => Server.Services.GetRequiredService<GrantStore>();

    [Fact]
    public async Task Two_instances_give_one_response_to_the_same_token()
    {
        await using var second = await StartServerAsync(Settings);
        using var client = await Client().RegisterAsync();
        using var elsewhere = ClientOf(second);
        elsewhere.ClientId = client.ClientId;
        var tokens = await client.SignInAsync();

        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(index =>
            (index % 2 == 0 ? client : elsewhere).RefreshAsync(tokens.RefreshToken)));

        Assert.All(responses, static response => Assert.Equal(HttpStatusCode.OK, response.Status));
        Assert.Single(responses.Select(static response => response.RefreshToken).Distinct());
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.RefreshAsync(responses[0].RefreshToken)).Status);
    }

    [Fact]
    public async Task Sign_in_begins_on_one_instance_and_ends_on_another()
    {
        await using var second = await StartServerAsync(Settings);
        using var client = await Client().RegisterAsync();
        using var elsewhere = ClientOf(second);
        elsewhere.ClientId = client.ClientId;
        var code = (await client.AuthorizeAsync())["code"];

        var tokens = await elsewhere.RedeemAsync(code);

        Assert.Equal(HttpStatusCode.OK, await CallAsync(Server, tokens.AccessToken));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(second, tokens.AccessToken));
        AttackedSignIn.AssertRefused(await client.RedeemAsync(code), "invalid_grant");
        AttackedSignIn.AssertRefused(await elsewhere.RefreshAsync(tokens.RefreshToken), "invalid_grant");
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(61, false)]
    public async Task Replaced_token_is_repeated_for_a_minute_and_then_ends_the_grant(int seconds, bool isRepeated)
    {
        using var client = await Client().RegisterAsync();
        var first = await client.SignInAsync();
        var second = await client.RefreshAsync(first.RefreshToken);
        _clock.Advance(TimeSpan.FromSeconds(seconds));

        var again = await client.RefreshAsync(first.RefreshToken);

        Assert.Equal(isRepeated ? second.Body.ToJsonString() : null, isRepeated ? again.Body.ToJsonString() : null);
        Assert.Equal(isRepeated ? null : "invalid_grant", again.Error);
        Assert.Equal(isRepeated ? null : "invalid_grant", (await client.RefreshAsync(second.RefreshToken)).Error);
    }

    [Fact]
    public async Task Token_before_the_last_ends_the_grant_at_once()
    {
        using var client = await Client().RegisterAsync();
        var first = await client.SignInAsync();
        var second = await client.RefreshAsync(first.RefreshToken);
        var third = await client.RefreshAsync(second.RefreshToken);

        AttackedSignIn.AssertRefused(await client.RefreshAsync(first.RefreshToken), "invalid_grant");
        AttackedSignIn.AssertRefused(await client.RefreshAsync(third.RefreshToken), "invalid_grant");
    }

    [Fact]
    public async Task Revoked_grant_gets_no_tokens()
    {
        using var client = await Client().RegisterAsync();
        var tokens = await client.SignInAsync();
        await Grants.RevokeAsync((await FindGrantAsync()).Grant.Key, Cancelled);

        AttackedSignIn.AssertRefused(await client.RefreshAsync(tokens.RefreshToken), "invalid_grant");
    }

    [Fact]
    public async Task Refresh_token_expires_when_it_is_not_used()
    {
        using var client = await Client().RegisterAsync();
        var tokens = await client.SignInAsync();
        _clock.Advance(TimeSpan.FromDays(30) + TimeSpan.FromMinutes(1));

        AttackedSignIn.AssertRefused(await client.RefreshAsync(tokens.RefreshToken), "invalid_grant");
    }

    [Fact]
    public async Task Refresh_after_an_instance_died_between_mark_and_response_succeeds_when_the_mark_has_ended()
    {
        using var client = await Client().RegisterAsync();
        var tokens = await client.SignInAsync();
        var stored = await FindGrantAsync();
        var marked = stored.Grant with
        {
            Rotation = stored.Grant.Rotation! with { ReplacingUntil = _clock.GetUtcNow() + TimeSpan.FromSeconds(30) },
        };
        Assert.NotNull(await Grants.TryReplaceAsync(stored, marked, Cancelled));

        var waiting = client.RefreshAsync(tokens.RefreshToken);
        Assert.False(waiting.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(HttpStatusCode.OK, (await waiting).Status);
    }

    [Fact]
    public async Task Slow_refresh_gets_the_response_of_the_request_that_took_over()
    {
        using var client = await Client().RegisterAsync();
        var tokens = await client.SignInAsync();
        TokenResponse? faster = null;
        Upstream = async request =>
        {
            if (request.Method == HttpMethod.Post)
            {
                Upstream = null;
                _clock.Advance(TimeSpan.FromSeconds(31));
                faster = await client.RefreshAsync(tokens.RefreshToken);
            }

            return null;
        };

        var slow = await client.RefreshAsync(tokens.RefreshToken);

        Assert.Equal(HttpStatusCode.OK, slow.Status);
        Assert.Equal(faster!.RefreshToken, slow.RefreshToken);
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(slow.RefreshToken)).Status);
    }

    [Fact]
    public async Task Step_of_conditional_access_during_a_refresh_signs_nobody_out()
    {
        using var client = await Client().RegisterAsync();
        var tokens = await client.SignInAsync();
        Upstream = async request =>
        {
            if (request.Method == HttpMethod.Post)
            {
                Upstream = null;
                var stored = await FindGrantAsync();
                await Grants.TryReplaceAsync(stored, stored.Grant, Cancelled);
            }

            return null;
        };

        var next = await client.RefreshAsync(tokens.RefreshToken);

        Assert.Equal(HttpStatusCode.OK, next.Status);
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(next.RefreshToken)).Status);
    }

    [Fact]
    public async Task Revocation_during_a_refresh_counts()
    {
        using var client = await Client().RegisterAsync();
        var tokens = await client.SignInAsync();
        Upstream = async request =>
        {
            if (request.Method == HttpMethod.Post)
            {
                await Grants.RevokeAsync((await FindGrantAsync()).Grant.Key, Cancelled);
                Upstream = null;
            }

            return null;
        };

        AttackedSignIn.AssertRefused(await client.RefreshAsync(tokens.RefreshToken), "invalid_grant");
    }

    private async Task<StoredGrant> FindGrantAsync() =>
        Assert.Single(await Grants.ListAsync(Sample.Contoso.Id, Sample.Adele.ObjectId, Cancelled));

    private async Task<HttpStatusCode> CallAsync(TestServerHost instance, string token)
    {
        using var request = Messages.PostStateless(Messages.StatelessListTools).WithToken(token);
        request.Headers.Host = Server.Url.Authority;
        using var response = await instance.Client.SendAsync(request, Cancelled);
        return response.StatusCode;
    }
}
