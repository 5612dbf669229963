using System.Xml.Linq;

namespace RemoteMcp.DataProtection;

/// <summary>Finds and encrypts the secrets in elements of the key ring, in the format of Data Protection.</summary>
internal static class PlainKeys
{
    private static readonly XNamespace s_dataProtection = "http://schemas.asp.net/2015/03/dataProtection";
    private static readonly XName s_requiresEncryption = s_dataProtection + "requiresEncryption";
    private static readonly XName s_encryptedSecret = s_dataProtection + "encryptedSecret";
    private static readonly XName s_decryptorType = "decryptorType";

    /// <summary>Returns whether an element contains a secret in plain text.</summary>
    public static bool HasPlainSecret(this XElement element) => element.DescendantsAndSelf().Any(RequiresEncryption);

    /// <summary>Returns a copy of an element whose secrets are encrypted.</summary>
    public static async Task<XElement> EncryptSecretsAsync(
        this XElement element, KeyEnvelopes envelopes, CancellationToken cancellationToken)
    {
        var copy = new XElement(element);
        copy.DescendantNodes().OfType<XComment>().Remove();
        foreach (var secret in copy.Descendants().Where(RequiresEncryption).ToList())
        {
            secret.ReplaceWith(new XElement(
                s_encryptedSecret,
                new XAttribute(s_decryptorType, typeof(KeyVaultXmlDecryptor).AssemblyQualifiedName!),
                await envelopes.SealAsync(secret, cancellationToken)));
        }

        return copy;
    }

    /// <summary>
    /// Removes the version of this assembly from the names of decryptors, because an older version of the server, after a rollback, cannot
    /// load a type of a newer assembly.
    /// </summary>
    public static XElement WithoutAssemblyVersions(this XElement element)
    {
        var decryptor = typeof(KeyVaultXmlDecryptor);
        foreach (var secret in element.Descendants(s_encryptedSecret)
            .Where(secret => secret.Attribute(s_decryptorType)?.Value == decryptor.AssemblyQualifiedName))
        {
            secret.SetAttributeValue(s_decryptorType, $"{decryptor.FullName}, {decryptor.Assembly.GetName().Name}");
        }

        return element;
    }

    private static bool RequiresEncryption(XElement element) => (bool?)element.Attribute(s_requiresEncryption) == true;
}
