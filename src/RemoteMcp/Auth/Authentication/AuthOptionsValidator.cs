using Microsoft.Extensions.Options;

namespace RemoteMcp.Auth.Authentication;

internal sealed class AuthOptionsValidator : IValidateOptions<AuthOptions>
{
    public const string AnyOrganization = "organizations";

    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var problems = new List<string>();
        if (options.Mode == AuthMode.None)
        {
            RefuseForgottenMode(options, problems);
        }
        else
        {
            ValidateEntra(options, problems);
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    // An operator who sets a tenant, a client id, or permissions for tools intends that callers sign in.
    private static void RefuseForgottenMode(AuthOptions options, List<string> problems)
    {
        var meant = !string.IsNullOrEmpty(options.ClientId) ? nameof(AuthOptions.ClientId)
            : !string.IsNullOrEmpty(options.TenantId) ? nameof(AuthOptions.TenantId)
            : options.Tools.Count > 0 ? nameof(AuthOptions.Tools)
            : null;
        if (meant is not null)
        {
            problems.Add($"{AuthOptions.Section}:Mode is 'None', but {AuthOptions.Section}:{meant} is set. "
                + $"Set {AuthOptions.Section}:Mode to Entra, or remove the other settings of {AuthOptions.Section}.");
        }
    }

    private static void ValidateEntra(AuthOptions options, List<string> problems)
    {
        if (!Uri.TryCreate(options.Instance, UriKind.Absolute, out var instance) || instance.Scheme != Uri.UriSchemeHttps || instance.Query.Length > 0 || instance.Fragment.Length > 0)
        {
            problems.Add($"{AuthOptions.Section}:Instance is '{options.Instance}'. Set it to the https URL of the sign-in service, e.g. https://login.microsoftonline.com/.");
        }

        if (options.IsMultiTenant)
        {
            if (options.AllowedTenants.Count == 0)
            {
                problems.Add($"{AuthOptions.Section}:TenantId is '{AnyOrganization}', but {AuthOptions.Section}:AllowedTenants is empty. "
                    + "List the ids of the tenants whose users may call the server.");
            }
        }
        else if (!IsId(options.TenantId))
        {
            problems.Add($"{AuthOptions.Section}:TenantId is '{options.TenantId}'. Set it to the tenant's id, a GUID that `az account show --query tenantId` prints, "
                + $"or to '{AnyOrganization}' with {AuthOptions.Section}:AllowedTenants.");
        }

        if (!IsId(options.ClientId))
        {
            problems.Add($"{AuthOptions.Section}:ClientId is '{options.ClientId}'. Set it to the application (client) id of the server's app registration, a GUID.");
        }

        RequireIds(nameof(AuthOptions.AllowedTenants), options.AllowedTenants, "tenant ids", problems);
        RequireIds(nameof(AuthOptions.AllowedClients), options.AllowedClients, "client ids of apps", problems);
        foreach (var audience in options.Audiences)
        {
            if (!Uri.TryCreate(audience, UriKind.Absolute, out var uri) || uri.Query.Length > 0 || uri.Fragment.Length > 0 || audience.AsSpan().ContainsAny(' ', '"', '\\'))
            {
                problems.Add($"{AuthOptions.Section}:Audiences contains '{audience}'. List identifier URIs of the app registration, e.g. api://{options.ClientId} or https://tools.contoso.com/mcp.");
            }
        }

        RequirePermission(nameof(AuthOptions.RequiredScope), options.RequiredScope, problems);
        RequirePermission(nameof(AuthOptions.RequiredRole), options.RequiredRole, problems);
    }

    private static void RequireIds(string setting, IEnumerable<string> values, string what, List<string> problems)
    {
        foreach (var value in values)
        {
            if (!IsId(value))
            {
                problems.Add($"{AuthOptions.Section}:{setting} contains '{value}'. List {what}, which are GUIDs.");
            }
        }
    }

    private static void RequirePermission(string setting, string value, List<string> problems)
    {
        if (!PermissionName.IsValid(value))
        {
            problems.Add($"{AuthOptions.Section}:{setting} is '{value}'. Set it to {PermissionName.Rule}.");
        }
    }

    private static bool IsId(string? value) => Guid.TryParseExact(value, "D", out _);
}
