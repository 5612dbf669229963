using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;

namespace RemoteMcp.Auth.Authorization;

/// <summary>
/// Checks at the start of the server that each permission in the settings is for an existing tool, and that each scope and app role has a
/// valid name.
/// </summary>
internal sealed class PermissionValidator(IOptions<AuthOptions> auth) : IValidateOptions<McpServerOptions>
{
    private bool _isValid;

    public ValidateOptionsResult Validate(string? name, McpServerOptions options)
    {
        // The SDK creates its options again for every request without a session. They stay valid if they were valid at the start.
        if (_isValid)
        {
            return ValidateOptionsResult.Success;
        }

        var problems = PermissionTable.Primitives(options).SelectMany(DeclaredPermission.FindProblems).Concat(FindProblems(options))
            .Distinct().ToList();
        _isValid = problems.Count == 0;
        return _isValid ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private IEnumerable<string> FindProblems(McpServerOptions options)
    {
        foreach (var (tool, permissions) in auth.Value.Tools)
        {
            var setting = $"{AuthOptions.Section}:{nameof(AuthOptions.Tools)}:{tool}";
            if (options.ToolCollection?.Any(
                existing => string.Equals(existing.ProtocolTool.Name, tool, StringComparison.OrdinalIgnoreCase)) != true)
            {
                var tools = options.ToolCollection?.Select(static existing => existing.ProtocolTool.Name).Order(StringComparer.Ordinal)
                    ?? Enumerable.Empty<string>();
                yield return $"{setting} does not name a tool of this server. Correct the name or remove the setting. "
                    + $"The tools are {string.Join(", ", tools)}.";
            }

            if (permissions.Scopes.Count + permissions.Roles.Count == 0)
            {
                yield return $"{setting} requires no permission. List scopes in {setting}:Scopes or app roles in {setting}:Roles, or "
                    + "remove the setting.";
            }

            var badNames = FindBadNames($"{setting}:{nameof(ToolPermissions.Scopes)}", permissions.Scopes)
                .Concat(FindBadNames($"{setting}:{nameof(ToolPermissions.Roles)}", permissions.Roles));
            foreach (var problem in badNames)
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> FindBadNames(string setting, IEnumerable<string> names) =>
        names.Where(static name => !PermissionName.IsValid(name))
            .Select(name => $"{setting} contains '{name}'. List {PermissionName.Rule}.");
}
