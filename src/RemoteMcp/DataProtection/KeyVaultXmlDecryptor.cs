using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace RemoteMcp.DataProtection;

/// <summary>
/// Decrypts the secrets of the ring's keys for Data Protection. The rows of the ring contain the name of this type, so do not rename it.
/// </summary>
/// <param name="services">The services of the host. Data Protection requires this constructor.</param>
internal sealed class KeyVaultXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) => services.GetRequiredService<KeyEnvelopes>().Open(encryptedElement);
}
