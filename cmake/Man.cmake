# Makes one man page: cmake -DSCDOC=… -DSOURCE=page.1.scd -DOUT=page.1 -P Man.cmake
get_filename_component(folder ${OUT} DIRECTORY)
file(MAKE_DIRECTORY ${folder}) # ninja makes it, make does not
execute_process(COMMAND ${SCDOC} INPUT_FILE ${SOURCE} OUTPUT_FILE ${OUT} RESULT_VARIABLE failed)
if(failed)
  file(REMOVE ${OUT})
  message(FATAL_ERROR "${SOURCE} is not a page that scdoc reads")
endif()
