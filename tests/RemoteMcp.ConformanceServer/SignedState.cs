using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace RemoteMcp.ConformanceServer;

/// <summary>
/// A <c>requestState</c> that shows when a client altered it: the value, a dot and its HMAC-SHA256 under the key of the
/// fleet (<c>Fixtures:StateKey</c>, in hexadecimal), or of this process where none is set.
/// </summary>
internal sealed class SignedState(IConfiguration configuration)
{
    private readonly byte[] _key = configuration["Fixtures:StateKey"] is { } key ? Convert.FromHexString(key) : RandomNumberGenerator.GetBytes(32);

    public string Sign(string value) => $"{value}.{Signature(value)}";

    /// <summary>Whether <paramref name="state"/> is what <see cref="Sign"/> gave for <paramref name="value"/>.</summary>
    public bool IsFor(string? state, string value) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state ?? ""), Encoding.UTF8.GetBytes(Sign(value)));

    private string Signature(string value) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(value)));
}
