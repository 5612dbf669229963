using System.Security.Cryptography;
using System.Text;

namespace RemoteMcp.ConformanceServer;

/// <summary>
/// A <c>requestState</c> that shows when a client altered it: the value, a dot and its HMAC-SHA256 under this process's key.
/// </summary>
internal sealed class SignedState
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public string Sign(string value) => $"{value}.{Signature(value)}";

    /// <summary>Whether <paramref name="state"/> is what <see cref="Sign"/> gave for <paramref name="value"/>.</summary>
    public bool IsFor(string? state, string value) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state ?? ""), Encoding.UTF8.GetBytes(Sign(value)));

    private string Signature(string value) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(value)));
}
