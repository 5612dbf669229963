using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.Extensions.Logging;
using RemoteMcp.Storage;

namespace RemoteMcp.DataProtection;

/// <summary>
/// Encrypts the secrets of the key ring for the state store. Each secret is encrypted with its own key (AES-256-GCM), and a key in Azure
/// Key Vault wraps that key. The envelope contains the identifier of the vault's key with its version, so that older versions still unwrap.
/// </summary>
/// <remarks>
/// Data Protection decrypts synchronously, and replaces a key that it cannot decrypt. Therefore, <see cref="PrepareAsync"/> unwraps all
/// keys before Data Protection sees the envelopes. If the vault does not respond, the whole read of the ring fails, and is repeated.
/// </remarks>
/// <param name="key">The key that wraps new keys, or <see langword="null"/> if the setting is not set.</param>
/// <param name="vault">The client of the vault; <see langword="null"/> without a key.</param>
/// <param name="logger">The logger.</param>
internal sealed partial class KeyEnvelopes(KeyVaultKeyId? key, KeyVaultClient? vault, ILogger<KeyEnvelopes> logger)
{
    private const int KeyLength = 32;
    private const string ContentAlgorithm = "A256GCM";
    private static readonly XName s_envelope = "keyVaultEnvelope";
    private static readonly XName s_key = "key";
    private static readonly XName s_wrappedKey = "wrappedKey";
    private static readonly XName s_content = "content";
    private static readonly XName s_algorithm = "algorithm";
    private static readonly XName s_nonce = "nonce";
    private static readonly XName s_tag = "tag";

    // The unwrapped keys, by the text of the wrapped key. There is one for each key of the ring.
    private readonly ConcurrentDictionary<string, byte[]> _keys = new(StringComparer.Ordinal);

    /// <summary>Gets whether new keys of the ring are encrypted.</summary>
    public bool IsEnabled => key is not null;

    /// <summary>Encrypts an element.</summary>
    /// <exception cref="StateUnavailableException">The vault does not respond, or cannot use the key.</exception>
    public async Task<XElement> SealAsync(XElement plain, CancellationToken cancellationToken)
    {
        var contentKey = RandomNumberGenerator.GetBytes(KeyLength);
        var (used, wrapped) = await WrapAsync(contentKey, cancellationToken);
        var content = Encoding.UTF8.GetBytes(plain.ToString(SaveOptions.DisableFormatting));
        var nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
        var tag = new byte[AesGcm.TagByteSizes.MaxSize];
        using var aes = new AesGcm(contentKey, tag.Length);
        aes.Encrypt(nonce, content, content, tag, Encoding.UTF8.GetBytes(used.ToString()));
        return new XElement(
            s_envelope,
            new XElement(s_key, used.ToString()),
            new XElement(s_wrappedKey, new XAttribute(s_algorithm, KeyVaultClient.Algorithm), Convert.ToBase64String(wrapped)),
            new XElement(
                s_content,
                new XAttribute(s_algorithm, ContentAlgorithm),
                new XAttribute(s_nonce, Convert.ToBase64String(nonce)),
                new XAttribute(s_tag, Convert.ToBase64String(tag)),
                Convert.ToBase64String(content)));
    }

    /// <summary>
    /// Unwraps the keys of all envelopes in the elements, so that <see cref="Open"/> can decrypt them. Keys that were unwrapped before are
    /// still in memory.
    /// </summary>
    /// <exception cref="StateUnavailableException">
    /// The vault does not respond, or an envelope belongs to another vault than the one in the settings.
    /// </exception>
    public async Task PrepareAsync(IEnumerable<XElement> elements, CancellationToken cancellationToken)
    {
        foreach (var envelope in elements.SelectMany(static element => element.Descendants(s_envelope)))
        {
            var wrapped = envelope.Element(s_wrappedKey)?.Value ?? "";
            if (_keys.ContainsKey(wrapped))
            {
                continue;
            }

            var used = FindKey(envelope);
            try
            {
                _keys[wrapped] = await vault!.UnwrapAsync(used, Convert.FromBase64String(wrapped), cancellationToken);
            }
            catch (Exception exception) when (exception is KeyUnusableException or FormatException)
            {
                LogUnusable(used.ToString(), exception.Message);
            }
        }
    }

    /// <summary>Decrypts an envelope whose key <see cref="PrepareAsync"/> has unwrapped.</summary>
    /// <exception cref="CryptographicException">The envelope cannot be decrypted.</exception>
    public XElement Open(XElement envelope)
    {
        try
        {
            var content = envelope.Element(s_content)!;
            if (!_keys.TryGetValue(envelope.Element(s_wrappedKey)!.Value, out var contentKey))
            {
                throw new CryptographicException("The key in Key Vault cannot decrypt this key of the ring.");
            }

            var tag = Convert.FromBase64String(content.Attribute(s_tag)!.Value);
            var cipher = Convert.FromBase64String(content.Value);
            using var aes = new AesGcm(contentKey, AesGcm.TagByteSizes.MaxSize);
            aes.Decrypt(
                Convert.FromBase64String(content.Attribute(s_nonce)!.Value),
                cipher,
                tag,
                cipher,
                Encoding.UTF8.GetBytes(envelope.Element(s_key)!.Value));
            return XElement.Parse(Encoding.UTF8.GetString(cipher));
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or NullReferenceException or XmlException)
        {
            throw new CryptographicException("The envelope of this key of the ring is damaged.", exception);
        }
    }

    private async Task<(KeyVaultKeyId Key, byte[] Wrapped)> WrapAsync(byte[] contentKey, CancellationToken cancellationToken)
    {
        try
        {
            return await vault!.WrapAsync(key!, contentKey, cancellationToken);
        }
        catch (KeyUnusableException exception)
        {
            throw new StateUnavailableException(exception.Message, TimeSpan.FromSeconds(30), exception);
        }
    }

    // The token of the server's identity is sent to the vault that the envelope names, so only the vault in the settings is allowed.
    private KeyVaultKeyId FindKey(XElement envelope)
    {
        const string Setting = KeyProtectionOptions.Section + ":" + nameof(KeyProtectionOptions.KeyVaultKey);
        var text = envelope.Element(s_key)?.Value ?? "";
        return KeyVaultKeyId.TryParse(text) is { Version: not null } used && used.Vault == key?.Vault
            ? used
            : throw new StateUnavailableException(
                $"The key ring is encrypted with the key {ToolCalls.SafeText.Quote(text)} of Key Vault, but the setting {Setting} is "
                + $"{(key is null ? "not set" : $"'{key}'")}. Set it to a key of that vault, or delete the rows of the table "
                + $"{KeyRows.Table} to begin with new keys.",
                TimeSpan.FromSeconds(30));
    }

    [LoggerMessage(
        LogLevel.Warning,
        "The key {Key} can no longer decrypt a key of the ring: {Problem} Content that was encrypted with that key of the ring is "
            + "refused.")]
    private partial void LogUnusable(string key, string problem);
}
