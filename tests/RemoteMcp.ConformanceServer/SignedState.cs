using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace RemoteMcp.ConformanceServer;

/// <summary>
/// A <c>requestState</c> that reveals changes by a client: the value, a period, and its HMAC-SHA256. The key is the key of the fleet
/// (<c>Fixtures:StateKey</c>, in hexadecimal) or, if it is not set, a key of this process.
/// </summary>
internal sealed class SignedState(IConfiguration configuration)
{
    private readonly byte[] _key =
        configuration["Fixtures:StateKey"] is { } key ? Convert.FromHexString(key) : RandomNumberGenerator.GetBytes(32);

    public string Sign(string value) => $"{value}.{Signature(value)}";

    /// <summary>Whether <paramref name="state"/> is the result of <see cref="Sign"/> for <paramref name="value"/>.</summary>
    public bool IsFor(string? state, string value) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state ?? ""), Encoding.UTF8.GetBytes(Sign(value)));

    private string Signature(string value) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(value)));
}
