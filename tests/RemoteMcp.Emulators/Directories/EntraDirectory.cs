using System.Diagnostics.CodeAnalysis;

namespace RemoteMcp.Emulators.Directories;

/// <summary>All data of the emulated Entra ID. Tests create a directory, or change a <see cref="SampleDirectory"/>.</summary>
public sealed class EntraDirectory
{
    public IList<Tenant> Tenants { get; init; } = [];

    public IList<Application> Applications { get; init; } = [];

    /// <summary>Whether a tenant segment of the URL does not name a tenant. The user who signs in then determines the tenant.</summary>
    public static bool IsMultiTenantSegment(string segment) =>
        segment.Equals("common", StringComparison.OrdinalIgnoreCase) || segment.Equals("organizations", StringComparison.OrdinalIgnoreCase);

    /// <summary>Finds a tenant by id or domain.</summary>
    public bool TryFindTenant(string? idOrDomain, [NotNullWhen(true)] out Tenant? tenant)
    {
        tenant = Tenants.FirstOrDefault(candidate =>
            string.Equals(candidate.Id, idOrDomain, StringComparison.OrdinalIgnoreCase)
            || string.Equals(candidate.Domain, idOrDomain, StringComparison.OrdinalIgnoreCase));
        return tenant is not null;
    }

    /// <summary>Finds a client that <paramref name="tenant"/> knows: one of its own clients, or any multi-tenant client.</summary>
    public Application? FindClient(string clientId, Tenant? tenant) => Applications.FirstOrDefault(application =>
        string.Equals(application.ClientId, clientId, StringComparison.OrdinalIgnoreCase) && IsKnown(application, tenant));

    /// <summary>Finds the API that the prefix of a scope, an audience, or a <c>resource</c> parameter names.</summary>
    public Application? FindResource(string name, Tenant? tenant) =>
        Applications.FirstOrDefault(application => application.IsExactly(name) && IsKnown(application, tenant))
        ?? Applications.FirstOrDefault(application => application.IsNamed(name) && IsKnown(application, tenant));

    /// <summary>Finds the tenant of a user's account, for sign-ins through <c>common</c>.</summary>
    public Tenant? FindTenantOf(User user) => Tenants.FirstOrDefault(tenant => tenant.Users.Contains(user));

    private static bool IsKnown(Application application, Tenant? tenant) =>
        tenant is null || application.MultiTenant || string.Equals(application.HomeTenantId, tenant.Id, StringComparison.OrdinalIgnoreCase);
}
