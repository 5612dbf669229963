using System.Security.Cryptography;

namespace RemoteMcp.Emulators.Azure;

/// <summary>An RSA key of the key vault with its versions.</summary>
public sealed class AzureKey
{
    private readonly Lock _lock = new();
    private readonly List<AzureKeyVersion> _versions = [new()];

    /// <summary>The role that the server needs.</summary>
    public const string EncryptionUser = "Key Vault Crypto Service Encryption User";

    /// <summary>The operations that the key permits.</summary>
    public IReadOnlyCollection<string> Operations { get; init; } = ["wrapKey", "unwrapKey"];

    /// <summary>All versions, oldest first.</summary>
    public IReadOnlyList<AzureKeyVersion> Versions
    {
        get
        {
            lock (_lock)
            {
                return [.. _versions];
            }
        }
    }

    /// <summary>The scope of a role assignment on a key.</summary>
    public static string ScopeOf(string name) => "/keys/" + name;

    /// <summary>Adds a version, as a rotation of the key does.</summary>
    public AzureKeyVersion Rotate()
    {
        lock (_lock)
        {
            _versions.Add(new());
            return _versions[^1];
        }
    }
}

/// <summary>A version of a key.</summary>
public sealed class AzureKeyVersion
{
    private readonly Lazy<RSA> _rsa = new(static () => RSA.Create(2048));

    public string Id { get; } = Guid.NewGuid().ToString("N");

    public bool Enabled { get; set; } = true;

    internal RSA Rsa => _rsa.Value;
}
