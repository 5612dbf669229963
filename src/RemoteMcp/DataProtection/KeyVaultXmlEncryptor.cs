using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace RemoteMcp.DataProtection;

/// <summary>Encrypts the secrets of new keys for Data Protection, about once in 88 days.</summary>
internal sealed class KeyVaultXmlEncryptor(KeyEnvelopes envelopes, TimeProvider time) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(
        BlockingCall.Run(cancellationToken => envelopes.SealAsync(plaintextElement, cancellationToken), time),
        typeof(KeyVaultXmlDecryptor));
}
