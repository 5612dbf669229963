using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Emulators.Azure;

/// <summary>
/// Emulates the keys of a key vault with Azure role-based access control: get, wrap, and unwrap
/// (https://learn.microsoft.com/rest/api/keyvault/keys/wrap-key/wrap-key).
/// </summary>
internal sealed class KeyVaultEndpoint(AzureCloud cloud, EmulatorAddresses addresses)
{
    private static readonly string[] s_versions = ["7.4", "7.5", "7.6", "2025-07-01"];

    public IResult Get(HttpContext context, string name, string? version, string principal)
    {
        if (Refuse(context, name, principal, "read") is { } refusal)
        {
            return refusal;
        }
        if (Find(name, version) is not { } found)
        {
            return NotFound(name);
        }
        if (!found.Version.Enabled)
        {
            return Disabled("get");
        }
        var parameters = found.Version.Rsa.ExportParameters(includePrivateParameters: false);
        return AzureAnswers.Json(StatusCodes.Status200OK, new Dictionary<string, object>
        {
            ["key"] = new Dictionary<string, object>
            {
                ["kid"] = Kid(name, found.Version),
                ["kty"] = "RSA",
                ["key_ops"] = found.Key.Operations,
                ["n"] = Base64Url.EncodeToString(parameters.Modulus),
                ["e"] = Base64Url.EncodeToString(parameters.Exponent),
            },
            ["attributes"] = new Dictionary<string, object> { ["enabled"] = true, ["recoveryLevel"] = "Recoverable" },
        });
    }

    public async Task<IResult> TransformAsync(HttpContext context, string name, string version, string operation, string principal)
    {
        if (operation.ToLowerInvariant() is not ("wrapkey" or "unwrapkey"))
        {
            return KeyVaultAnswers.Error(StatusCodes.Status404NotFound, "NotFound", "The requested resource does not exist.");
        }
        var wraps = operation.Equals("wrapkey", StringComparison.OrdinalIgnoreCase);
        var permission = wraps ? "wrapKey" : "unwrapKey";
        if (Refuse(context, name, principal, wraps ? "wrap/action" : "unwrap/action") is { } refusal)
        {
            return refusal;
        }
        if (Find(name, version) is not { } found)
        {
            return NotFound(name + "/" + version);
        }
        if (!found.Version.Enabled)
        {
            return Disabled(permission);
        }
        if (!found.Key.Operations.Contains(permission))
        {
            return KeyVaultAnswers.Error(
                StatusCodes.Status403Forbidden,
                "Forbidden",
                $"Operation {permission} is not permitted on this key.",
                "KeyOperationForbidden");
        }
        return await ReadAsync(context) is not var (padding, value)
            ? KeyVaultAnswers.BadParameter("The request body has no supported algorithm, or the value is not valid base64url.")
            : Transform(name, found.Version, wraps, padding, value);
    }

    private IResult Transform(string name, AzureKeyVersion version, bool wraps, RSAEncryptionPadding padding, byte[] value)
    {
        try
        {
            return AzureAnswers.Json(StatusCodes.Status200OK, new Dictionary<string, object>
            {
                ["kid"] = Kid(name, version),
                ["value"] = Base64Url.EncodeToString(wraps ? version.Rsa.Encrypt(value, padding) : version.Rsa.Decrypt(value, padding)),
            });
        }
        catch (CryptographicException)
        {
            return KeyVaultAnswers.BadParameter("The parameter is incorrect.");
        }
    }

    // The vault accepts only base64url without padding.
    private static async Task<(RSAEncryptionPadding Padding, byte[] Value)?> ReadAsync(HttpContext context)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var padding = body.RootElement.GetProperty("alg").GetString() switch
            {
                "RSA-OAEP-256" => RSAEncryptionPadding.OaepSHA256,
                "RSA-OAEP" => RSAEncryptionPadding.OaepSHA1,
                "RSA1_5" => RSAEncryptionPadding.Pkcs1,
                _ => null,
            };
            var text = body.RootElement.GetProperty("value").GetString()!;
            return padding is null || text.Contains('=', StringComparison.Ordinal) ? null : (padding, Base64Url.DecodeFromChars(text));
        }
        catch (Exception exception) when (exception is JsonException
            or KeyNotFoundException
            or InvalidOperationException
            or FormatException)
        {
            return null;
        }
    }

    private IResult? Refuse(HttpContext context, string name, string principal, string action)
    {
        var version = context.Request.Query["api-version"].ToString();
        return !s_versions.Contains(version)
            ? KeyVaultAnswers.BadParameter($"The specified version ({version}) is not recognized.")
            : !cloud.Has(principal, AzureKey.ScopeOf(name), AzureKey.EncryptionUser)
                ? KeyVaultAnswers.Error(
                    StatusCodes.Status403Forbidden,
                    "Forbidden",
                    $"Caller is not authorized to perform action on resource. Action: 'Microsoft.KeyVault/vaults/keys/{action}'",
                    "ForbiddenByRbac")
                : null;
    }

    private (AzureKey Key, AzureKeyVersion Version)? Find(string name, string? version) =>
        cloud.Keys.TryGetValue(name, out var key)
        && key.Versions.LastOrDefault(each => version is null || each.Id == version) is { } found
            ? (key, found)
            : null;

    private string Kid(string name, AzureKeyVersion version) => $"{addresses.Vault}keys/{name}/{version.Id}";

    private static IResult NotFound(string name) => KeyVaultAnswers.Error(
        StatusCodes.Status404NotFound,
        "KeyNotFound",
        $"A key with (name/id) {name} was not found in this key vault. If you recently deleted this key you may be able to recover it "
            + "using the correct recovery command.");

    private static IResult Disabled(string operation) => KeyVaultAnswers.Error(
        StatusCodes.Status403Forbidden, "Forbidden", $"Operation {operation} is not allowed on a disabled key.", "KeyDisabled");
}
