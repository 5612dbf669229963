using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.AuthorizationServer;
using RemoteMcp.AuthorizationServer.Grants;
using RemoteMcp.DataProtection;
using RemoteMcp.Storage;
using Xunit;

namespace RemoteMcp.Testing.Storage;

/// <summary>Tests grants, codes, and refresh tokens in every implementation of <see cref="IStateStore"/>.</summary>
public abstract partial class GrantStoreContract : IAsyncLifetime
{
    private const string Tenant = "10000000-0000-4000-8000-000000000001";
    private const string User = "50000000-0000-4000-8000-000000000001";

    private ServiceProvider _services = null!;
    private GrantStore _grants = null!;
    private GrantTokens _tokens = null!;

    private FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Opens an empty store that uses <paramref name="time"/> for expiry.</summary>
    private protected abstract Task<IStateStore> OpenAsync(TimeProvider time);

    public async ValueTask InitializeAsync()
    {
        var store = await OpenAsync(Time);
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(store)
            .AddSingleton<TimeProvider>(Time)
            .AddFleetDataProtection(new ConfigurationBuilder().Build())
            .BuildServiceProvider();
        var ring = _services.GetRequiredService<KeyRing>();
        _grants = new GrantStore(store);
        _tokens = new GrantTokens(
            _grants,
            // No test gets as far as Entra ID.
            entra: null!,
            new GrantSeal(ring),
            new SignInAudit(NullLogger<SignInAudit>.Instance, TimeProvider.System),
            Options.Create(new AuthorizationServerOptions()),
            Time);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Grant_is_returned_as_it_was_stored()
    {
        var grant = Create() with
        {
            ClientName = "\u202E\"<script>\u0000'\\ \U0001F600",
            VerifiedHost = "claude.ai",
            SealedUpstream = new string('a', 40_000),
        };

        await _grants.AddAsync(grant, [], Cancel);

        var found = (await _grants.FindAsync(grant.Key, Cancel))!.Grant;
        Assert.Equivalent(grant, found, strict: true);
        Assert.False(found.IsActive);
    }

    [Fact]
    public async Task Grant_expires()
    {
        var grant = await AddAsync();

        Time.Advance(TimeSpan.FromMinutes(12));

        Assert.Null(await _grants.FindAsync(grant.Key, Cancel));
        Assert.Empty(await _grants.ListAsync(Tenant, User, Cancel));
        Assert.IsType<TokenDecision.Refuse>(await _tokens.RedeemAsync(grant.Key, "code", Cancel));
    }

    [Fact]
    public async Task Revoked_grant_is_gone_and_cannot_be_replaced()
    {
        var grant = await AddAsync();
        var stored = (await _grants.FindAsync(grant.Key, Cancel))!;

        await _grants.RevokeAsync(grant.Key, Cancel);
        await _grants.RevokeAsync(grant.Key, Cancel);

        Assert.Null(await _grants.TryReplaceAsync(stored, grant with { ClientName = "other" }, Cancel));
        Assert.Null(await _grants.FindAsync(grant.Key, Cancel));
    }

    [Fact]
    public async Task Only_one_of_two_changes_of_the_same_version_succeeds()
    {
        var grant = await AddAsync();
        var stored = (await _grants.FindAsync(grant.Key, Cancel))!;

        Assert.NotNull(await _grants.TryReplaceAsync(stored, grant with { ClientName = "first" }, Cancel));
        Assert.Null(await _grants.TryReplaceAsync(stored, grant with { ClientName = "second" }, Cancel));

        Assert.Equal("first", (await _grants.FindAsync(grant.Key, Cancel))!.Grant.ClientName);
    }

    [Fact]
    public async Task List_has_the_grants_of_one_person_and_the_oldest_first()
    {
        var first = await AddAsync();
        Time.Advance(TimeSpan.FromSeconds(1));
        var second = await AddAsync();
        await AddAsync(user: "50000000-0000-4000-8000-000000000002");
        await AddAsync(tenant: "10000000-0000-4000-8000-000000000002");

        var listed = await _grants.ListAsync(Tenant.ToUpperInvariant(), User.ToUpperInvariant(), Cancel);

        Assert.Equal([first.Key, second.Key], listed.Select(static stored => stored.Grant.Key));
    }

    [Fact]
    public async Task Person_has_100_grants_at_most_and_pending_ones_are_deleted_first()
    {
        var oldest = await AddAsync(isActive: true);
        for (var index = 1; index < GrantStore.MaxGrants - 1; index++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await AddAsync(isActive: true);
        }

        var pending = await AddAsync();
        Time.Advance(TimeSpan.FromSeconds(1));
        var newer = await AddAsync();

        Assert.Null(await _grants.FindAsync(pending.Key, Cancel));
        Assert.NotNull(await _grants.FindAsync(oldest.Key, Cancel));
        Assert.Equal(GrantStore.MaxGrants, (await _grants.ListAsync(Tenant, User, Cancel)).Count);

        await _grants.RevokeAsync(newer.Key, Cancel);
        await AddAsync(isActive: true);
        await AddAsync(isActive: true);
        Assert.Null(await _grants.FindAsync(oldest.Key, Cancel));
        Assert.Equal(GrantStore.MaxGrants, (await _grants.ListAsync(Tenant, User, Cancel)).Count);
    }

    private Grant Create(string tenant = Tenant, string user = User, bool isActive = false)
    {
        var now = Time.GetUtcNow();
        return new Grant
        {
            Key = GrantKey.Create(tenant, user, now),
            Person = new SignedInPerson(tenant, user, "subject", "Adele", "adele@contoso.example", ["Mcp.Use"], []),
            Client = "registration:a",
            ClientName = "Test client",
            Redirect = "http://127.0.0.1/callback",
            GrantedAt = now,
            UsedAt = now,
            ExpiresAt = now + (isActive ? TimeSpan.FromDays(30) : TimeSpan.FromMinutes(11)),
            RedeemedCode = isActive ? "code" : null,
            Rotation = isActive ? new RefreshRotation("first") : null,
            SealedUpstream = "sealed",
        };
    }

    private async Task<Grant> AddAsync(string tenant = Tenant, string user = User, bool isActive = false)
    {
        var grant = Create(tenant, user, isActive);
        await _grants.AddAsync(grant, await _grants.ListAsync(tenant, user, Cancel), Cancel);
        return grant;
    }
}
