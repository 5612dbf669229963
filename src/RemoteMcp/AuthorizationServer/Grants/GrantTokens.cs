using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using RemoteMcp.AuthorizationServer.Upstream;

namespace RemoteMcp.AuthorizationServer.Grants;

/// <summary>
/// Decides which code or refresh token gets new tokens. Each decision is a change of the grant's row that only one request can make.
/// </summary>
/// <remarks>
/// <para>A code is redeemed once. A second request with the same code revokes the grant (RFC 6749, section 4.1.2).</para>
/// <para>
/// A refresh token is replaced at each use (RFC 9700, section 4.14.2). The first request marks the row, checks at Entra ID that the person
/// may still sign in, and then writes the id of the new token. A request that sends the same token again within a minute gets the same
/// response, because clients repeat a request whose response was lost, and two windows of a client can share a token. Later, it revokes the
/// grant.
/// </para>
/// </remarks>
internal sealed class GrantTokens(
    GrantStore grants,
    EntraSignIn entra,
    GrantSeal seal,
    SignInAudit audit,
    IOptions<AuthorizationServerOptions> options,
    TimeProvider time)
{
    private static readonly TimeSpan s_repeatLimit = TimeSpan.FromMinutes(1);

    // Longer than a sign-in at Entra ID takes at most. If the instance dies meanwhile, another request can replace the token afterwards.
    private static readonly TimeSpan s_replaceLimit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Redeems an authorization code.</summary>
    /// <param name="key">The grant of the code.</param>
    /// <param name="code">The id of the code.</param>
    /// <param name="cancellationToken">The token that stops the wait.</param>
    /// <exception cref="Storage.StateUnavailableException">The storage does not respond.</exception>
    public async Task<TokenDecision> RedeemAsync(GrantKey key, string code, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await grants.FindAsync(key, cancellationToken) is not { } stored)
            {
                return new TokenDecision.Refuse("The grant was revoked or has expired.");
            }

            if (stored.Grant.RedeemedCode == code)
            {
                await grants.RevokeAsync(key, cancellationToken);
                audit.CodeReused(stored.Grant);
                return new TokenDecision.Refuse("The authorization code was used twice, so the grant is revoked.");
            }

            if (stored.Grant.IsActive)
            {
                return new TokenDecision.Refuse("The grant was redeemed with another authorization code.");
            }

            var now = time.GetUtcNow();
            var refreshToken = CreateId();
            var active = stored.Grant with
            {
                RedeemedCode = code,
                Rotation = new RefreshRotation(refreshToken),
                UsedAt = now,
                ExpiresAt = now + options.Value.RefreshTokenLifetime,
            };
            if (await grants.TryReplaceAsync(stored, active, cancellationToken) is { } written)
            {
                return new TokenDecision.Issue(written, refreshToken);
            }
        }
    }

    /// <summary>Begins to replace a refresh token. If the result is to issue tokens, call <see cref="CompleteAsync"/>.</summary>
    /// <param name="key">The grant of the token.</param>
    /// <param name="refreshToken">The id of the token.</param>
    /// <param name="cancellationToken">The token that stops the wait.</param>
    /// <exception cref="Storage.StateUnavailableException">The storage does not respond.</exception>
    public async Task<TokenDecision> BeginRefreshAsync(GrantKey key, string refreshToken, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            if (await grants.FindAsync(key, cancellationToken) is not { Grant: { Rotation: { } rotation } grant } stored)
            {
                return new TokenDecision.Refuse("The grant was revoked or has expired.");
            }

            if (rotation.Current != refreshToken)
            {
                return await RepeatOrRevokeAsync(grant, rotation, refreshToken, now, cancellationToken);
            }

            if (rotation.ReplacingUntil > now)
            {
                await Task.Delay(s_pollInterval, time, cancellationToken);
                continue;
            }

            var marked = grant with { Rotation = rotation with { ReplacingUntil = now + s_replaceLimit } };
            if (await grants.TryReplaceAsync(stored, marked, cancellationToken) is { } mine)
            {
                return await RefreshUpstreamAsync(mine, rotation, cancellationToken);
            }
        }
    }

    /// <summary>Completes the replacement of a refresh token, before the response is sent.</summary>
    /// <param name="issued">The result of <see cref="BeginRefreshAsync"/>.</param>
    /// <param name="response">The response, which a repeated request gets too.</param>
    /// <param name="cancellationToken">The token that stops the wait.</param>
    /// <returns>
    /// <paramref name="issued"/> if the response is valid, the response of another request that replaced the token first, or a refusal if
    /// the grant was revoked meanwhile.
    /// </returns>
    /// <exception cref="Storage.StateUnavailableException">The storage does not respond.</exception>
    public async Task<TokenDecision> CompleteAsync(TokenDecision.Issue issued, string response, CancellationToken cancellationToken)
    {
        var (key, used) = (issued.Stored.Grant.Key, issued.Stored.Grant.Rotation!.Current);
        var sealedResponse = await seal.SealResponseAsync(response, key, cancellationToken);
        var mine = issued.Stored;
        while (true)
        {
            var now = time.GetUtcNow();
            var replaced = mine.Grant with
            {
                UsedAt = now,
                ExpiresAt = now + options.Value.RefreshTokenLifetime,
                Rotation = new RefreshRotation(issued.RefreshToken) { Previous = used, ReplacedAt = now, SealedResponse = sealedResponse },
            };
            if (await grants.TryReplaceAsync(mine, replaced, cancellationToken) is not null)
            {
                return issued;
            }

            if (await grants.FindAsync(key, cancellationToken) is not { Grant: { Rotation: { } rotation } grant } stored)
            {
                return new TokenDecision.Refuse("The grant was revoked.");
            }

            if (rotation.Current != used)
            {
                // The mark of this request ended, and another request with the same token was faster. No token was used too late.
                return await TryRepeatAsync(grant, rotation, used, now, cancellationToken)
                    ?? new TokenDecision.Refuse("Another request replaced the refresh token.");
            }

            // The person completed a step that Conditional Access requires, so the row has a newer sign-in at Entra ID.
            mine = new StoredGrant(mine.Grant with { SealedUpstream = grant.SealedUpstream }, stored.ETag);
        }
    }

    private async Task<TokenDecision?> TryRepeatAsync(
        Grant grant, RefreshRotation rotation, string refreshToken, DateTimeOffset now, CancellationToken cancellationToken) =>
        rotation.Previous == refreshToken
        && now - rotation.ReplacedAt < s_repeatLimit
        && rotation.SealedResponse is { } response
        && await seal.TryOpenResponseAsync(response, grant.Key, cancellationToken) is { } json
            ? new TokenDecision.Repeat(json)
            : null;

    private async Task<TokenDecision> RepeatOrRevokeAsync(
        Grant grant, RefreshRotation rotation, string refreshToken, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await TryRepeatAsync(grant, rotation, refreshToken, now, cancellationToken) is { } repeat)
        {
            return repeat;
        }

        await grants.RevokeAsync(grant.Key, cancellationToken);
        audit.RefreshTokenReused(grant);
        return new TokenDecision.Refuse("The refresh token was used again after it was replaced, so the grant is revoked.");
    }

    private async Task<TokenDecision> RefreshUpstreamAsync(StoredGrant mine, RefreshRotation rotation, CancellationToken cancellationToken)
    {
        var grant = mine.Grant;
        try
        {
            var cache = await seal.TryOpenUpstreamAsync(grant.SealedUpstream, grant.Key, cancellationToken)
                ?? throw new UpstreamException(UpstreamProblem.SignInRequired, "The sign-in cannot be decrypted.", null, null);
            var fresh = await entra.RefreshAsync(grant.Person, cache, cancellationToken);
            var sealedUpstream = await seal.SealUpstreamAsync(fresh.Cache, grant.Key, cancellationToken);
            var person = fresh.Person with { Scopes = [.. grant.Person.Scopes.Intersect(fresh.Person.Scopes, StringComparer.Ordinal)] };
            return new TokenDecision.Issue(
                mine with { Grant = grant with { Person = person, SealedUpstream = sealedUpstream } }, CreateId());
        }
        catch (UpstreamException exception) when (exception.Problem is UpstreamProblem.SignInRequired or UpstreamProblem.NotAccepted)
        {
            await grants.RevokeAsync(grant.Key, cancellationToken);
            audit.RefreshRefused(grant, exception.Reference);
            return new TokenDecision.Refuse($"Entra ID requires a new sign-in. {exception.Reference}".TrimEnd());
        }
        catch (UpstreamException)
        {
            await ReleaseAsync(mine, rotation);
            return new TokenDecision.TryLater();
        }
        catch (OperationCanceledException)
        {
            await ReleaseAsync(mine, rotation);
            throw;
        }
    }

    // Lets the next request with the same token try again immediately. If this fails, the mark ends by itself.
    private async Task ReleaseAsync(StoredGrant mine, RefreshRotation rotation)
    {
        using var timeout = new CancellationTokenSource(s_pollInterval, time);
        try
        {
            await grants.TryReplaceAsync(mine, mine.Grant with { Rotation = rotation with { ReplacingUntil = null } }, timeout.Token);
        }
        catch (Exception exception) when (exception is Storage.StateUnavailableException or OperationCanceledException)
        {
            audit.MarkNotRemoved(exception);
        }
    }

    private static string CreateId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
