using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;

namespace RemoteMcp.Auth.Authentication;

internal sealed class AuthOptionsValidator : IValidateOptions<AuthOptions>
{
    public const string AnyOrganization = "organizations";

    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var errors = new SettingErrors(AuthOptions.Section);
        if (options.Mode == AuthMode.None)
        {
            RequireNoSignInSettings(options, errors);
        }
        else
        {
            ValidateIssuer(options, errors);
            ValidateCallers(options, errors);
        }

        return errors.ToResult();
    }

    // An operator who sets a tenant, a client id, or permissions for tools intends that callers sign in, and has forgotten to set the mode.
    private static void RequireNoSignInSettings(AuthOptions options, SettingErrors errors)
    {
        var signInSetting = !string.IsNullOrEmpty(options.ClientId) ? nameof(AuthOptions.ClientId)
            : !string.IsNullOrEmpty(options.TenantId) ? nameof(AuthOptions.TenantId)
            : options.Tools.Count > 0 ? nameof(AuthOptions.Tools)
            : null;
        if (signInSetting is not null)
        {
            errors.Add(
                nameof(options.Mode),
                $"is 'None', but {errors.NameOf(signInSetting)} is set. Set {errors.NameOf(nameof(options.Mode))} to Entra, "
                + $"or remove the other settings of {AuthOptions.Section}.");
        }
    }

    private static void ValidateIssuer(AuthOptions options, SettingErrors errors)
    {
        if (!SettingErrors.IsUrlText(options.Instance)
            || !Uri.TryCreate(options.Instance, UriKind.Absolute, out var instance)
            || instance.Scheme != Uri.UriSchemeHttps
            || instance.Query.Length > 0
            || instance.Fragment.Length > 0)
        {
            errors.Add(
                nameof(options.Instance),
                $"is '{options.Instance}'. Set it to the https URL of the sign-in service, e.g. https://login.microsoftonline.com/.");
        }

        if (options.IsMultiTenant)
        {
            if (options.AllowedTenants.Count == 0)
            {
                errors.Add(
                    nameof(options.TenantId),
                    $"is '{AnyOrganization}', but {errors.NameOf(nameof(options.AllowedTenants))} is empty. "
                    + "List the ids of the tenants whose users may call the server.");
            }
        }
        else if (!IsId(options.TenantId))
        {
            errors.Add(
                nameof(options.TenantId),
                $"is '{options.TenantId}'. Set it to the tenant's id, a GUID that `az account show --query tenantId` prints, "
                + $"or to '{AnyOrganization}' with {errors.NameOf(nameof(options.AllowedTenants))}.");
        }

        if (!IsId(options.ClientId))
        {
            errors.Add(
                nameof(options.ClientId),
                $"is '{options.ClientId}'. Set it to the application (client) id of the server's app registration, a GUID.");
        }
    }

    private static void ValidateCallers(AuthOptions options, SettingErrors errors)
    {
        RequireIds(nameof(options.AllowedTenants), options.AllowedTenants, "tenant ids", errors);
        RequireIds(nameof(options.AllowedClients), options.AllowedClients, "client ids of apps", errors);
        foreach (var audience in options.Audiences)
        {
            if (!IsAudience(audience))
            {
                errors.Add(
                    nameof(options.Audiences),
                    $"contains '{audience}'. List identifier URIs of the app registration, e.g. api://{options.ClientId} "
                    + "or https://tools.contoso.com/mcp.");
            }
        }

        RequirePermission(nameof(options.RequiredScope), options.RequiredScope, errors);
        RequirePermission(nameof(options.RequiredRole), options.RequiredRole, errors);
    }

    private static void RequireIds(string setting, IEnumerable<string> values, string what, SettingErrors errors)
    {
        foreach (var value in values)
        {
            if (!IsId(value))
            {
                errors.Add(setting, $"contains '{value}'. List {what}, which are GUIDs.");
            }
        }
    }

    private static void RequirePermission(string setting, string value, SettingErrors errors)
    {
        if (!PermissionName.IsValid(value))
        {
            errors.Add(setting, $"is '{value}'. Set it to {PermissionName.Rule}.");
        }
    }

    private static bool IsAudience(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri)
        && uri.Query.Length == 0
        && uri.Fragment.Length == 0
        && !value.AsSpan().ContainsAny(' ', '"', '\\');

    private static bool IsId(string? value) => Guid.TryParseExact(value, "D", out _);
}
