using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra;

/// <summary>Stores the issued sessions, codes, and refresh tokens in memory while the emulator runs.</summary>
internal sealed class GrantStore(EmulatorClock time)
{
    private readonly ConcurrentDictionary<string, Session> _sessions = new();
    private readonly ConcurrentDictionary<string, AuthorizationCode> _codes = new();
    private readonly ConcurrentDictionary<string, RefreshToken> _refreshTokens = new();
    private readonly ConcurrentDictionary<string, DeviceCode> _deviceCodes = new();

    public Session StartSession(Tenant tenant, User user, bool multifactor)
    {
        var session = new Session(Guid.NewGuid().ToString(), tenant, user, multifactor, time.GetUtcNow());
        return _sessions[session.Id] = session;
    }

    public Session? FindSession(string? id) => id is null ? null : _sessions.GetValueOrDefault(id);

    /// <summary>Revokes the sign-ins of a user until now, with their codes and refresh tokens.</summary>
    public void RevokeSessions(User user)
    {
        foreach (var session in _sessions.Values.Where(session => session.User == user))
        {
            session.Revoke(time.GetUtcNow());
        }
    }

    public string AddCode(UserGrant grant, string redirectUri, string? codeChallenge)
    {
        var code = "1." + NewSecret();
        _codes[code] = new AuthorizationCode(grant, redirectUri, codeChallenge, time.GetUtcNow());
        return code;
    }

    public AuthorizationCode? FindCode(string code) => _codes.GetValueOrDefault(code);

    public string AddRefreshToken(UserGrant grant)
    {
        var token = "1." + NewSecret();
        _refreshTokens[token] = new RefreshToken(grant, time.GetUtcNow());
        return token;
    }

    public RefreshToken? FindRefreshToken(string token) => _refreshTokens.GetValueOrDefault(token);

    public DeviceCode AddDeviceCode(Tenant tenant, Application client, RequestedScopes scopes)
    {
        var code = new DeviceCode(
            NewSecret(), RandomNumberGenerator.GetString("BCDFGHJKLMNPQRSTVWXZ23456789", 9), tenant, client, scopes, time.GetUtcNow());
        return _deviceCodes[code.Code] = code;
    }

    public DeviceCode? FindDeviceCode(string code) => _deviceCodes.GetValueOrDefault(code);

    public DeviceCode? FindDeviceCodeOfUser(string? userCode) =>
        _deviceCodes.Values.FirstOrDefault(code => code.UserCode.Equals(userCode?.Trim(), StringComparison.OrdinalIgnoreCase));

    private static string NewSecret() => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(48));
}

internal sealed record RefreshToken(UserGrant Grant, DateTimeOffset IssuedAt);

/// <param name="grant">The grant behind the code.</param>
/// <param name="redirectUri">The redirect URI that received the code.</param>
/// <param name="codeChallenge">The S256 challenge, if the client sent one.</param>
/// <param name="issuedAt">The time of issue.</param>
internal sealed class AuthorizationCode(UserGrant grant, string redirectUri, string? codeChallenge, DateTimeOffset issuedAt)
{
    private int _redeemed;

    public UserGrant Grant { get; } = grant;

    public string RedirectUri { get; } = redirectUri;

    public string? CodeChallenge { get; } = codeChallenge;

    public DateTimeOffset IssuedAt { get; } = issuedAt;

    /// <returns>True for the first call, and false for every following call.</returns>
    public bool TryRedeem() => Interlocked.Exchange(ref _redeemed, 1) == 0;
}

/// <summary>The device code of a device that waits for its user (RFC 8628).</summary>
internal sealed class DeviceCode(
    string code, string userCode, Tenant tenant, Application client, RequestedScopes scopes, DateTimeOffset issuedAt)
{
    public string Code { get; } = code;

    public string UserCode { get; } = userCode;

    public Tenant Tenant { get; } = tenant;

    public Application Client { get; } = client;

    public RequestedScopes Scopes { get; } = scopes;

    public DateTimeOffset IssuedAt { get; } = issuedAt;

    /// <summary>The session after the user has approved, or null before.</summary>
    public Session? Approved { get; set; }

    public bool Declined { get; set; }
}
