using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra;

/// <summary>How a client authenticated: the value of <c>azpacr</c> (v2) and <c>appidacr</c> (v1).</summary>
public enum ClientProof
{
    None = 0,
    Secret = 1,
    Assertion = 2,
}

/// <summary>The content of an access token. Tests set it directly to get tokens without a browser.</summary>
public sealed record AccessTokenRequest(Tenant Tenant, Application Client, Application Resource)
{
    /// <summary>The user, or null for an app-only token.</summary>
    public User? User { get; init; }

    public IReadOnlyCollection<string> Scopes { get; init; } = [];

    public IReadOnlyCollection<string> Roles { get; init; } = [];

    public ClientProof Proof { get; init; }

    /// <summary>
    /// The name of the resource as the client sent it: the <c>aud</c> of a v1 token. Null means the first identifier URI.
    /// </summary>
    public string? ResourceName { get; init; }

    public string? SessionId { get; init; }

    public TimeSpan? Lifetime { get; init; }

    /// <summary>The <c>oid</c> of an app-only token. Null means the client's service principal.</summary>
    public string? PrincipalId { get; init; }

    /// <summary>Claims to add or replace. A null value removes the claim.</summary>
    public IReadOnlyDictionary<string, object?> Overrides { get; init; } = new Dictionary<string, object?>();
}

/// <summary>
/// Creates tokens with Entra's claims (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference), and tokens with
/// arbitrary claims for tests of attacks.
/// </summary>
public sealed class TokenIssuer(EmulatorAddresses addresses, SigningKeys keys, EmulatorClock time, EmulatorOptions options)
{
    private static readonly JsonWebTokenHandler s_handler = new() { SetDefaultTimesOnTokenCreation = false };

    public string AccessToken(AccessTokenRequest request)
    {
        var claims = Common(request.Tenant, request.Lifetime ?? options.AccessTokenLifetime);
        var v2 = request.Resource.AccessTokenVersion == 2;
        claims["ver"] = v2 ? "2.0" : "1.0";
        claims["iss"] = v2 ? addresses.IssuerV2(request.Tenant.Id) : EmulatorAddresses.IssuerV1(request.Tenant.Id);
        claims["aud"] = v2
            ? request.Resource.ClientId
            : request.ResourceName ?? request.Resource.IdentifierUris.FirstOrDefault() ?? request.Resource.ClientId;
        claims[v2 ? "azp" : "appid"] = request.Client.ClientId;
        claims[v2 ? "azpacr" : "appidacr"] = $"{(int)request.Proof}";
        claims["rh"] = "1." + Opaque(24) + ".";
        if (request.User is { } user)
        {
            Describe(claims, user, v2);
            claims["sub"] = Pairwise(request.Tenant, user, request.Resource);
            claims["scp"] = string.Join(' ', request.Scopes);
            claims["sid"] = request.SessionId ?? Guid.NewGuid().ToString();
            if (!v2)
            {
                claims["acr"] = "1";
                claims["amr"] = new[] { "pwd" };
            }
        }
        else
        {
            claims["oid"] = claims["sub"] = request.PrincipalId ?? request.Client.ServicePrincipalId;
        }
        if (request.Roles.Count > 0)
        {
            claims["roles"] = request.Roles.ToArray();
        }
        if (request.Resource.EmitsIdTyp)
        {
            claims["idtyp"] = request.User is null ? "app" : "user";
        }
        foreach (var (name, value) in request.Overrides)
        {
            if (value is null)
            {
                claims.Remove(name);
            }
            else
            {
                claims[name] = value;
            }
        }
        return Sign(claims);
    }

    /// <summary>Creates an ID token. As in Entra, the claims that describe the user require <c>profile</c> and <c>email</c>.</summary>
    public string IdToken(
        Tenant tenant, Application client, User user, string? nonce = null, bool email = false, bool profile = true)
    {
        var claims = Common(tenant, options.AccessTokenLifetime);
        claims["ver"] = "2.0";
        claims["iss"] = addresses.IssuerV2(tenant.Id);
        claims["aud"] = client.ClientId;
        claims["sub"] = Pairwise(tenant, user, client);
        claims["rh"] = "1." + Opaque(24) + ".";
        if (profile)
        {
            Describe(claims, user, v2: true);
        }
        if (client.Assignments.TryGetValue(user.ObjectId, out var roles) && roles.Count > 0)
        {
            claims["roles"] = roles.ToArray();
        }
        if (nonce is not null)
        {
            claims["nonce"] = nonce;
        }
        if (email)
        {
            claims["email"] = user.Mail;
        }
        return Sign(claims);
    }

    /// <summary>Signs arbitrary claims. By default, uses the key of the emulator.</summary>
    public string Sign(IDictionary<string, object> claims, SigningCredentials? credentials = null) =>
        s_handler.CreateToken(new SecurityTokenDescriptor { Claims = claims, SigningCredentials = credentials ?? keys.Credentials });

    private Dictionary<string, object> Common(Tenant tenant, TimeSpan lifetime)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return new Dictionary<string, object>
        {
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + (long)lifetime.TotalSeconds,
            ["aio"] = Opaque(44),
            ["tid"] = tenant.Id,
            ["uti"] = Opaque(16),
        };
    }

    private static void Describe(Dictionary<string, object> claims, User user, bool v2)
    {
        claims["oid"] = user.ObjectId;
        claims["name"] = user.DisplayName;
        if (v2)
        {
            claims["preferred_username"] = user.PrincipalName;
        }
        else
        {
            claims["upn"] = claims["unique_name"] = user.PrincipalName;
        }
    }

    // In Entra, the same user has a different sub for each application.
    private static string Pairwise(Tenant tenant, User user, Application audience) =>
        Base64UrlEncoder.Encode(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant.Id}|{user.ObjectId}|{audience.ClientId}")));

    private static string Opaque(int bytes) => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(bytes));
}
