using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
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

    /// <summary>The time in which a sign-in must be completed.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private static readonly HostCookie s_cookie = new("remote-mcp-sign-in", Lifetime);

    /// <summary>Returns the secret of the browser, and sets the cookie if the browser has none.</summary>
    public static byte[] GetOrCreateSecret(HttpContext context)
    {
        var secret = Find(context.Request) ?? RandomNumberGenerator.GetBytes(SecretLength);
        s_cookie.Write(context, Base64Url.EncodeToString(secret));
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
            Encoding.ASCII.GetBytes(binding),
            Encoding.ASCII.GetBytes(Bind(secret, client, redirect, transaction)));

    private static byte[]? Find(HttpRequest request)
    {
        var secret = new byte[SecretLength];
        return s_cookie.Read(request) is { Length: <= 2 * SecretLength } value
            && Base64Url.DecodeFromChars(value, secret, out _, out var length) == OperationStatus.Done
            && length == SecretLength
            ? secret
            : null;
    }
}
