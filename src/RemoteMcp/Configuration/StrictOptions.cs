using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Configuration;

/// <summary>Provides a method that binds options strictly.</summary>
internal static class StrictOptions
{
    /// <summary>
    /// Binds options to their section and validates them when the host starts. An unknown setting in the section is an error.
    /// </summary>
    public static OptionsBuilder<TOptions> AddStrictOptions<TOptions>(this IServiceCollection services, IConfiguration configuration, string section)
        where TOptions : class =>
        services.AddOptions<TOptions>().Bind(configuration.GetSection(section), static binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
}
