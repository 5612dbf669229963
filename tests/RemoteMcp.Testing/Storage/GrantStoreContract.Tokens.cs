using RemoteMcp.AuthorizationServer.Grants;
using Xunit;

namespace RemoteMcp.Testing.Storage;

public abstract partial class GrantStoreContract
{
    private const string Response = """{"access_token":"a","refresh_token":"second"}""";

    [Fact]
    public async Task Of_parallel_redemptions_one_wins_and_the_reuse_ends_the_grant()
    {
        var grant = await AddAsync();

        var decisions = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _tokens.RedeemAsync(grant.Key, "code", Cancel)));

        Assert.Single(decisions.OfType<TokenDecision.Issue>());
        Assert.Equal(9, decisions.OfType<TokenDecision.Refuse>().Count());
        Assert.Null(await _grants.FindAsync(grant.Key, Cancel));
    }

    [Fact]
    public async Task Another_code_of_the_same_grant_gets_nothing_and_the_grant_stays()
    {
        var grant = await AddAsync();
        await _tokens.RedeemAsync(grant.Key, "code", Cancel);

        Assert.IsType<TokenDecision.Refuse>(await _tokens.RedeemAsync(grant.Key, "other", Cancel));

        Assert.NotNull(await _grants.FindAsync(grant.Key, Cancel));
    }

    [Fact]
    public async Task Redeemed_grant_lives_as_long_as_its_refresh_token()
    {
        var grant = await AddAsync();
        var issued = Assert.IsType<TokenDecision.Issue>(await _tokens.RedeemAsync(grant.Key, "code", Cancel));

        Time.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        Assert.Equal(issued.RefreshToken, (await _grants.FindAsync(grant.Key, Cancel))!.Grant.Rotation!.Current);
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await _grants.FindAsync(grant.Key, Cancel));
    }

    [Fact]
    public async Task Pending_grant_has_no_refresh_token()
    {
        var grant = await AddAsync();

        Assert.IsType<TokenDecision.Refuse>(await _tokens.BeginRefreshAsync(grant.Key, "", Cancel));
        Assert.IsType<TokenDecision.Refuse>(await _tokens.BeginRefreshAsync(grant.Key, "first", Cancel));
    }

    [Fact]
    public async Task Replaced_token_gets_the_same_response_for_a_minute_and_then_ends_the_grant()
    {
        var issued = await MarkAsync();
        Assert.Same(issued, await _tokens.CompleteAsync(issued, Response, Cancel));
        var key = issued.Stored.Grant.Key;

        Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(new TokenDecision.Repeat(Response), await _tokens.BeginRefreshAsync(key, "first", Cancel));
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.IsType<TokenDecision.Refuse>(await _tokens.BeginRefreshAsync(key, "first", Cancel));
        Assert.Null(await _grants.FindAsync(key, Cancel));
    }

    [Fact]
    public async Task Unknown_refresh_token_ends_the_grant()
    {
        var grant = await AddAsync(isActive: true);

        Assert.IsType<TokenDecision.Refuse>(await _tokens.BeginRefreshAsync(grant.Key, "unknown", Cancel));

        Assert.Null(await _grants.FindAsync(grant.Key, Cancel));
    }

    [Fact]
    public async Task Revoked_grant_does_not_return_when_a_refresh_completes()
    {
        var issued = await MarkAsync();
        await _grants.RevokeAsync(issued.Stored.Grant.Key, Cancel);

        Assert.IsType<TokenDecision.Refuse>(await _tokens.CompleteAsync(issued, Response, Cancel));

        Assert.Null(await _grants.FindAsync(issued.Stored.Grant.Key, Cancel));
    }

    [Fact]
    public async Task Refresh_completes_after_another_change_of_the_grant_and_keeps_the_change()
    {
        var issued = await MarkAsync();
        var key = issued.Stored.Grant.Key;
        var stored = (await _grants.FindAsync(key, Cancel))!;
        await _grants.TryReplaceAsync(stored, stored.Grant with { SealedUpstream = "after the step" }, Cancel);

        Assert.Same(issued, await _tokens.CompleteAsync(issued, Response, Cancel));

        var grant = (await _grants.FindAsync(key, Cancel))!.Grant;
        Assert.Equal(("second", "after the step"), (grant.Rotation!.Current, grant.SealedUpstream));
    }

    [Fact]
    public async Task Slow_refresh_gets_the_response_of_the_faster_one()
    {
        var slow = await MarkAsync();
        var faster = slow with { RefreshToken = "faster" };
        await _tokens.CompleteAsync(faster, Response, Cancel);

        Assert.Equal(new TokenDecision.Repeat(Response), await _tokens.CompleteAsync(slow, "{}", Cancel));

        Assert.Equal("faster", (await _grants.FindAsync(slow.Stored.Grant.Key, Cancel))!.Grant.Rotation!.Current);
    }

    [Fact]
    public async Task Sign_in_that_cannot_be_decrypted_ends_the_grant()
    {
        var grant = await AddAsync(isActive: true);

        Assert.IsType<TokenDecision.Refuse>(await _tokens.BeginRefreshAsync(grant.Key, "first", Cancel));

        Assert.Null(await _grants.FindAsync(grant.Key, Cancel));
    }

    /// <summary>Marks the refresh token of a new grant, as a request does before it asks Entra ID.</summary>
    private async Task<TokenDecision.Issue> MarkAsync()
    {
        var grant = await AddAsync(isActive: true);
        var stored = (await _grants.FindAsync(grant.Key, Cancel))!;
        var marked = stored.Grant with
        {
            Rotation = stored.Grant.Rotation! with { ReplacingUntil = Time.GetUtcNow() + TimeSpan.FromSeconds(30) },
        };
        return new TokenDecision.Issue((await _grants.TryReplaceAsync(stored, marked, Cancel))!, "second");
    }
}
