using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using RemoteMcp.DataProtection;

namespace RemoteMcp.AuthorizationServer.SignIn;

/// <summary>
/// Binds a sign-in to the browser that started it. The browser has a cookie with a random secret. The states and tickets of a sign-in
/// contain a hash of the secret, the client, the redirect URI, and the transaction. Without this binding, an attacker could send the pages
/// of a started sign-in to a victim and receive the victim's authorization code.
/// </summary>
internal static class BrowserBinding
{
    private const int SecretLength = 32;

    // A browser accepts the prefix __Host- only for cookies of https that no other host can set.
    private const string SecureName = "__Host-remote-mcp-sign-in";
    private const string LoopbackName = "remote-mcp-sign-in";

    /// <summary>The time in which a sign-in must be completed.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>Returns the secret of the browser, and sets the cookie if the browser has none.</summary>
    public static byte[] GetOrCreateSecret(HttpContext context)
    {
        var secret = Find(context.Request) ?? RandomNumberGenerator.GetBytes(SecretLength);
        context.Response.Cookies.Append(NameFor(context.Request), Base64Url.EncodeToString(secret), new CookieOptions
        {
            HttpOnly = true,
            Secure = context.Request.IsHttps,
            // The redirect from Entra ID is a navigation from another site, so Strict would leave out the cookie.
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = Lifetime,
            IsEssential = true,
        });
        return secret;
    }

    /// <summary>Returns the hash that binds a transaction to the browser with this secret.</summary>
    public static string Bind(ReadOnlySpan<byte> secret, string client, string redirect, string transaction)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hash.AppendPart(client);
        hash.AppendPart(redirect);
        hash.AppendPart(transaction);
        return Base64Url.EncodeToString(hash.GetHashAndReset());
    }

    /// <summary>Returns whether the browser of a request started the transaction.</summary>
    public static bool IsSame(HttpRequest request, string binding, string client, string redirect, string transaction) =>
        Find(request) is { } secret
        && CryptographicOperations.FixedTimeEquals(
            System.Text.Encoding.ASCII.GetBytes(binding),
            System.Text.Encoding.ASCII.GetBytes(Bind(secret, client, redirect, transaction)));

    private static byte[]? Find(HttpRequest request)
    {
        var secret = new byte[SecretLength];
        return request.Cookies.TryGetValue(NameFor(request), out var value)
            && value.Length <= 2 * SecretLength
            && Base64Url.DecodeFromChars(value, secret, out _, out var length) == OperationStatus.Done
            && length == SecretLength
            ? secret
            : null;
    }

    private static string NameFor(HttpRequest request) => request.IsHttps ? SecureName : LoopbackName;
}
