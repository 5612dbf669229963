using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Configuration;

/// <summary>Registers options, and refuses settings that do not match a property of these options.</summary>
public static class StrictOptions
{
    /// <summary>
    /// Binds options to a section below <c>RemoteMcp</c> and validates them when the host starts. <see cref="ValidateSettings"/> refuses
    /// every key of the section that does not match a property of the options.
    /// </summary>
    /// <typeparam name="TOptions">The options.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="section">The path of the section, e.g. <c>RemoteMcp:Files</c>.</param>
    /// <returns>The builder of the options.</returns>
    public static OptionsBuilder<TOptions> AddStrictOptions<TOptions>(
        this IServiceCollection services, IConfiguration configuration, string section)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddKnownSection<TOptions>(section);
        return services.AddOptions<TOptions>().Bind(configuration.GetSection(section)).ValidateOnStart();
    }

    /// <summary>
    /// Refuses unknown settings below <c>RemoteMcp</c> and values that cannot be read. Call this method after all services are registered
    /// and before the host is built.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The host's configuration.</param>
    /// <exception cref="OptionsValidationException">
    /// A setting is invalid. Each failure names the setting, where it was set, and the valid values.
    /// </exception>
    public static void ValidateSettings(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        var known = services.Where(static service => service.ServiceType == typeof(KnownSection))
            .Select(static service => (KnownSection)service.ImplementationInstance!);
        var problems = new SettingsCheck(known, configuration).FindProblems();
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(RemoteMcpOptions.Section, typeof(RemoteMcpOptions), problems);
        }
    }

    /// <summary>Makes a section known, so that a host that does not use the section accepts its settings.</summary>
    /// <typeparam name="TOptions">The options.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="section">The path of the section, e.g. <c>RemoteMcp:Files</c>.</param>
    /// <returns>The host's services.</returns>
    /// <exception cref="ArgumentException"><paramref name="section"/> is not directly below <c>RemoteMcp</c>.</exception>
    public static IServiceCollection AddKnownSection<TOptions>(this IServiceCollection services, string section)
    {
        if (section?.Split(':') is not [RemoteMcpOptions.Section, { Length: > 0 }])
        {
            throw new ArgumentException($"A section must be directly below {RemoteMcpOptions.Section}, e.g. "
                + $"{RemoteMcpOptions.Section}:Files.", nameof(section));
        }

        return services.AddSingleton(new KnownSection(section, typeof(TOptions)));
    }
}
