using System.Net;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth;

/// <summary>Tests that the server handles new, withdrawn, and unavailable keys of the issuer.</summary>
public sealed class IssuerKeysTests : EmulatedSignIn
{
    private const string KeysPath = "/discovery/v2.0/keys";

    private readonly SwitchedHandler _entra = new();

    // In this mode, the readiness does not depend on the server's own sign-in.
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["RemoteMcp:Auth:SignIn"] = "Direct",
    };

    private protected override void AddTools(IMcpServerBuilder server) => server.Services.Configure<JwtBearerOptions>(
        JwtBearerDefaults.AuthenticationScheme,
        options =>
        {
            _entra.InnerHandler = options.BackchannelHttpHandler!;
            options.BackchannelHttpHandler = _entra;
        });

    [Fact]
    public async Task New_key_is_accepted_without_restart_and_old_key_while_published()
    {
        var old = Token();
        Assert.Equal(HttpStatusCode.OK, await ListAsync(old));

        Emulator.Keys.Roll(keepOld: true);

        await Eventually.IsTrueAsync(async () => await ListAsync(Token()) == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, await ListAsync(old));
    }

    [Fact]
    public async Task Withdrawn_key_invalidates_cached_tokens()
    {
        var old = Token();
        Assert.Equal(HttpStatusCode.OK, await ListAsync(old));

        Emulator.Keys.Roll(keepOld: false);

        await Eventually.IsTrueAsync(async () => await ListAsync(Token()) == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Unauthorized, await ListAsync(old));
    }

    [Fact]
    public async Task Many_unknown_keys_cause_a_bounded_number_of_downloads()
    {
        Assert.Equal(HttpStatusCode.OK, await ListAsync(Token()));
        var header = Token().Split('.');

        await Parallel.ForAsync(0, 200, Cancelled, async (number, _) =>
        {
            var unknown = Base64UrlEncoder.Encode($$"""{"alg":"RS256","typ":"JWT","kid":"unknown-{{number}}"}""");
            Assert.Equal(HttpStatusCode.Unauthorized, await ListAsync($"{unknown}.{header[1]}.{header[2]}"));
        });

        Assert.InRange(Emulator.Requests.CountOf(KeysPath), 1, 3);
        Assert.Equal(HttpStatusCode.OK, await ListAsync(Token()));
    }

    [Fact]
    public async Task Requests_get_503_and_readiness_fails_while_keys_are_unavailable()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await StartServerAsync(Settings, time);
        _entra.IsDown = true;

        using var refused = await server.Client.SendAsync(WithToken(), Cancelled);
        using var notReady = await server.Client.GetAsync("/readyz", Cancelled);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("5", refused.Headers.RetryAfter?.ToString());
        Assert.Contains("\"identity\":\"Unhealthy\"", await notReady.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        using var alive = await server.Client.GetAsync("/healthz", Cancelled);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);

        _entra.IsDown = false;
        time.Advance(IssuerKeys.RetryAfter);

        using var served = await server.Client.SendAsync(WithToken(), Cancelled);
        using var ready = await server.Client.GetAsync("/readyz", Cancelled);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task Concurrent_requests_share_one_attempt_while_keys_are_unavailable()
    {
        await using var server = await StartServerAsync(Settings, new FakeTimeProvider(DateTimeOffset.UtcNow));
        _entra.IsDown = true;
        var before = _entra.Requests;

        await Parallel.ForAsync(0, 50, Cancelled, async (_, cancellation) =>
        {
            using var refused = await server.Client.SendAsync(WithToken(), cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        });

        Assert.InRange(_entra.Requests - before, 1, 3);
    }

    private async Task<HttpStatusCode> ListAsync(string token)
    {
        using var response = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), token);
        return response.StatusCode;
    }

    private HttpRequestMessage WithToken() => Messages.PostStateless(Messages.StatelessListTools).WithToken(Token());

    private sealed class SwitchedHandler : DelegatingHandler
    {
        private int _requests;

        public bool IsDown { get; set; }

        public int Requests => Volatile.Read(ref _requests);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _requests);
            return IsDown ? throw new HttpRequestException("The network is down.") : base.SendAsync(request, cancellationToken);
        }
    }
}
